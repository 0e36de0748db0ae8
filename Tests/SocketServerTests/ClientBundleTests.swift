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

    @Test(arguments: ["\"4.8.1\"", "W/\"4.8.1\""])
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
            #expect(self.text(bundle.respond(to: self.get("/socket.io/socket.io.min.js", method: .head))) == "")
        }
        #expect(ClientBundle(folder: "/nonexistent") == nil)
    }
}
