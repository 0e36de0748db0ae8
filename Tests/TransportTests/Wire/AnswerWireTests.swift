import CZlib
import EngineIO
import NIOCore
import NIOHTTP1
import Testing

@testable import Transport

extension WireTests {
    /// What stands around the payload: cookies, paths, compression, lengths.
    @Suite struct AnswerWireTests {
        @Test func aCookieOnPollingHandshakesAlone() async throws {
            let cookie = try #require(SessionCookie())
            try await TestServer.run(cookie: cookie) { server in
                let client = try await server.client()
                let reply = try await client.get(TestServer.polling)
                let sid = String(reply.text.dropFirst(9).prefix(20))
                #expect(reply.all("set-cookie") == ["io=\(sid); Path=/; HttpOnly; SameSite=Lax"])
                let posted = try await client.post("\(TestServer.polling)&sid=\(sid)", "4x")
                #expect(posted["set-cookie"] == nil)
                #expect(try await client.get("\(TestServer.polling)&sid=\(sid)")["set-cookie"] == nil)
                let upgraded = try await client.upgrade(TestServer.webSocket)
                #expect(upgraded.status == 101)
                #expect(upgraded["set-cookie"] == nil)
            }
        }

        @Test func cookieAttributes() {
            let cookie = SessionCookie(
                name: "sticky", domain: "a.example", path: "/x", maxAge: 60, isHTTPOnly: false, isSecure: true,
                sameSite: SessionCookie.SameSite.none, isPartitioned: true)
            #expect(
                cookie?.header(id: "1")
                    == "sticky=1; Max-Age=60; Domain=a.example; Path=/x; Secure; Partitioned; SameSite=None")
            #expect(SessionCookie(path: nil, sameSite: nil)?.header(id: "1") == "io=1; HttpOnly")
            for name in ["", "a b", "a=b", "a;b", "a\r\n"] { #expect(SessionCookie(name: name) == nil) }
            for path in ["/;x", "/\n", "/ñ"] { #expect(SessionCookie(path: path) == nil) }
        }

        @Test func theSlashBehindThePath() async throws {
            let query = "?EIO=4&transport=polling"
            try await TestServer.run { server in
                let client = try await server.client()
                #expect(try await client.get("/engine.io/" + query).text.hasPrefix("0{"))
                #expect(try await client.get("/engine.io" + query).text.hasPrefix("GET /engine.io?"))
            }
            try await TestServer.run(addsTrailingSlash: false, fallbackFiles: ["file.js"]) { server in
                let client = try await server.client()
                for path in ["/engine.io", "/engine.io/", "/engine.io/more"] {
                    #expect(try await client.get(path + query).text.hasPrefix("0{"))
                }
                #expect(try await client.get("/engine.iox" + query).text.hasPrefix("GET /engine.iox?"))
                #expect(try await client.get("/engine.io/file.js").text.hasPrefix("GET /engine.io/file.js"))
            }
        }

        @Test(arguments: [
            ("gzip", "gzip"), ("deflate, gzip", "deflate"), ("gzip;q=0.5, deflate;q=0.9", "deflate"), ("*", "gzip"),
            ("br", nil), ("gzip;q=0", nil), ("identity", nil), ("br, gzip", "gzip"),
        ])
        func pollsAreCompressed(accepted: String, coding: String?) async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let target = "\(TestServer.polling)&sid=\(sid)"
                let headers = ["Accept-Encoding: \(accepted)"]
                let long = "4" + String(repeating: "abc", count: 500)
                _ = try await client.post(target, long)
                let reply = try await client.get(target, headers: headers)
                #expect(reply["content-encoding"] == coding)
                #expect(reply["content-length"] == "\(reply.body.readableBytes)")
                #expect(try Self.decoded(reply) == long)
                _ = try await client.post(target, "4" + String(repeating: "x", count: 1022))
                #expect(try await client.get(target, headers: headers)["content-encoding"] == nil)
                _ = try await client.post(target, "4" + String(repeating: "x", count: 1023))
                #expect(try await client.get(target, headers: headers)["content-encoding"] == coding)
            }
        }

        @Test func aMessageMayAskNotToBeCompressed() async throws {
            try await TestServer.run { server in
                let (sid, client) = try await server.poll()
                let session = try #require(server.engine.connection(sid))
                let text = ByteBuffer(repeating: UInt8(ascii: "x"), count: 2000)
                for (flags, coding) in [([false], nil), ([true], "gzip"), ([false, true], "gzip"), ([false], nil)] {
                    try await session.eventLoop.submit {
                        for flag in flags { session.send(.text(text), compress: flag) }
                    }.get()
                    let reply = try await client.get(
                        "\(TestServer.polling)&sid=\(sid)", headers: ["Accept-Encoding: gzip"])
                    #expect(reply["content-encoding"] == coding)
                }
            }
        }

        /// The head of an answer never repeats what a request puts into it as a line of its own.
        @Test func headersStayLines() {
            var answer = HTTPAnswer(status: .ok)
            answer.headers.add(name: "X-Good", value: "a\tb")
            answer.headers.add(name: "X-Bad", value: "a\r\nSet-Cookie: b")
            answer.headers.add(name: "X Bad", value: "a")
            answer.headers.add(name: "Content-Length", value: "99")
            answer.headers.add(name: "Connection", value: "upgrade")
            answer.body = ByteBuffer(string: "body")
            let framing = HTTPAnswer.Framing(
                version: .http1_1, isHead: false, isLast: true, extraHeaders: [("X-Worse", "a\nb"), ("Vary", "Origin")])
            #expect(
                String(buffer: answer.encoded(framing).head)
                    == "HTTP/1.1 200 OK\r\nX-Good: a\tb\r\nVary: Origin\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
            )
        }

        @Test func aHeadOfItsOwn() {
            var answer = HTTPAnswer(status: .notFound)
            answer.headers.add(name: "Content-Length", value: "99")
            let framing = HTTPAnswer.Framing(version: .http1_0, isHead: true, isLast: false, extraHeaders: [])
            #expect(
                String(buffer: answer.encoded(framing).head)
                    == "HTTP/1.0 404 Not Found\r\nContent-Length: 99\r\nConnection: keep-alive\r\n\r\n")
            answer = HTTPAnswer(status: .noContent, body: ByteBuffer())
            #expect(
                String(buffer: answer.encoded(framing).head)
                    == "HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n")
        }

        @Test func largeBodiesAreNotCopied() {
            let body = ByteBuffer(repeating: 7, count: 100_000)
            let framing = HTTPAnswer.Framing(version: .http1_1, isHead: false, isLast: false, extraHeaders: [])
            let (head, rest) = HTTPAnswer(status: .ok, body: body).encoded(framing)
            #expect(String(buffer: head) == "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            #expect(rest == body)
        }

        private static func decoded(_ reply: HTTPReply) throws -> String {
            guard let coding = reply["content-encoding"] else { return reply.text }
            var stream = z_stream()
            let windowBits: Int32 = coding == "gzip" ? 15 + 16 : 15
            guard inflateInit2_(&stream, windowBits, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                throw HTTPReply.Malformed()
            }
            defer { inflateEnd(&stream) }
            var input = Array(reply.body.readableBytesView)
            var output = [UInt8](repeating: 0, count: 100_000)
            let outputSize = output.count
            let status = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.next_in = input.baseAddress
                    stream.avail_in = UInt32(input.count)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(outputSize)
                    return inflate(&stream, Z_FINISH)
                }
            }
            guard status == Z_STREAM_END else { throw HTTPReply.Malformed() }
            return String(decoding: output.prefix(outputSize - Int(stream.avail_out)), as: UTF8.self)
        }
    }
}
