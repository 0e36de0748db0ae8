import Foundation
import HTTPTypes
import NIOCore
import SocketServer
import Testing
import Transport

@Suite struct ClientBundleTests {
    private func withBundle(_ body: (ClientBundle) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("/*!\n * Socket.IO v4.8.1\n */code".utf8).write(to: folder.appendingPathComponent("socket.io.min.js"))
        try Data("{}".utf8).write(to: folder.appendingPathComponent("socket.io.min.js.map"))
        try Data("brotli".utf8).write(to: folder.appendingPathComponent("socket.io.min.js.map.br"))
        try Data("gzip".utf8).write(to: folder.appendingPathComponent("socket.io.min.js.map.gz"))
        try Data("secret".utf8).write(to: folder.appendingPathComponent("other.js"))
        try body(try #require(ClientBundle(folder: folder.path)))
    }

    private func get(_ path: String, _ headers: HTTPFields = [:], method: HTTPRequest.Method = .get) -> FallbackRequest
    {
        FallbackRequest(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: ByteBuffer(), remoteAddress: "127.0.0.1", isSecure: false)
    }

    private func text(_ response: FallbackResponse?) -> String? {
        guard case .complete(let body) = response?.body else { return nil }
        return String(buffer: body)
    }

    @Test func servesWithTheVersionAsEntityTag() throws {
        try self.withBundle { bundle in
            let response = bundle.respond(to: self.get("/socket.io/socket.io.min.js?v=1"))
            #expect(response?.head.status == .ok)
            #expect(response?.head.headerFields[.eTag] == "\"4.8.1\"")
            #expect(response?.head.headerFields[.cacheControl] == "public, max-age=0")
            #expect(response?.head.headerFields[.contentType] == "application/javascript; charset=utf-8")
            #expect(self.text(response)?.hasSuffix("code") == true)
            let map = bundle.respond(to: self.get("/socket.io/socket.io.min.js.map"))
            #expect(map?.head.headerFields[.contentType] == "application/json; charset=utf-8")
        }
    }

    @Test func whoMayReadItIsForTheEngineToSay() throws {
        try self.withBundle { bundle in
            let response = bundle.respond(to: self.get("/socket.io/socket.io.min.js", [.origin: "https://a.example"]))
            #expect(response?.head.headerFields[.accessControlAllowOrigin] == nil)
        }
    }

    @Test(arguments: [
        ("gzip, deflate, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("br;q=0, gzip", "gzip", "gzip"),
        ("identity", nil, "{}"), ("", nil, "{}"),
    ])
    func compressedFormsBesideAFile(accepted: String, coding: String?, body: String) throws {
        try self.withBundle { bundle in
            let response = bundle.respond(
                to: self.get("/socket.io/socket.io.min.js.map", [.acceptEncoding: accepted]))
            #expect(response?.head.headerFields[.contentEncoding] == coding)
            #expect(response?.head.headerFields[.vary] == "Accept-Encoding")
            #expect(self.text(response) == body)
        }
    }

    @Test func compressedOnceWhereThereIsNone() throws {
        try self.withBundle { bundle in
            let request = self.get("/socket.io/socket.io.min.js", [.acceptEncoding: "br, gzip"])
            for _ in 0..<2 {
                let response = bundle.respond(to: request)
                #expect(response?.head.headerFields[.contentEncoding] == "gzip")
                guard case .complete(let body) = response?.body else {
                    Issue.record("no body")
                    return
                }
                #expect(body.getBytes(at: 0, length: 2) == [0x1F, 0x8B])
            }
        }
    }

    @Test(arguments: ["\"4.8.1\"", "W/\"4.8.1\"", "\"4.7.0\", \"4.8.1\""])
    func knownVersionIsNotSentAgain(tag: String) throws {
        try self.withBundle { bundle in
            let response = bundle.respond(to: self.get("/socket.io/socket.io.min.js", [.ifNoneMatch: tag]))
            #expect(response?.head.status == .notModified)
            #expect(self.text(response) == "")
        }
    }

    @Test(arguments: [
        "/socket.io/socket.io.js", "/socket.io/other.js", "/socket.io/../other.js", "/socket.io.min.js", "/",
    ])
    func everythingElseIsSomebodyElses(path: String) throws {
        try self.withBundle { #expect($0.respond(to: self.get(path)) == nil) }
    }

    @Test func onlyReading() throws {
        try self.withBundle { bundle in
            #expect(bundle.respond(to: self.get("/socket.io/socket.io.min.js", method: .post)) == nil)
            // The transport leaves the body out.
            #expect(bundle.respond(to: self.get("/socket.io/socket.io.min.js", method: .head))?.head.status == .ok)
        }
        #expect(ClientBundle(folder: "/nonexistent") == nil)
    }
}
