import Foundation
import SocketClient
import SocketIO
import StorageTestSupport
import Testing

@testable import Gateway

/// Row Z06: no space is left where PostgreSQL writes. Wants to be root, for a small file system of its own.
@Suite(.serialized) struct DiskFullTests {
    private static func shell(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A file system of 160 MB, or nil where it cannot be had.
    private static func mount() throws -> String? {
        let path = "/tmp/puente-full-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard try Self.shell("mount -t tmpfs -o size=160m,mode=0711 none \(path)") == 0 else {
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
        return path
    }

    @Test(.timeLimit(.minutes(3))) func nothingIsAcknowledgedThatIsNotStored() async throws {
        guard let path = try Self.mount() else {
            print("skipped: a full disk wants root, and the right to mount")
            return
        }
        defer {
            // Whatever became of the gateway: its server must not outlive this.
            _ = try? Self.shell(
                "kill -QUIT $(head -n 1 \(path)/postgres/postmaster.pid); umount -l \(path); rmdir \(path)")
        }
        let gateway = try GatewayProgram(["serve", "--port", "0", "--loops", "2", "--data-dir", path])
        do {
            let port = try await gateway.ready()
            let made = try await GatewayProgram.run(["widgetkey", "create", "--data-dir", path])
            let key = String(made.output.dropLast())
            var acknowledged: [JSONValue] = []
            var chat: JSONValue = .null
            var token: JSONValue = .null
            try await SocketClient(port: port).withConnection(auth: ["key": .string(key)]) { visitor in
                token = try #require(await visitor.events.first { $0.name == "session" }?.payload["token"])
                chat = try #require(try await visitor.request("message:send", ["content": "before"])["chatId"])
                #expect(try Self.shell("dd if=/dev/zero of=\(path)/filler bs=1M; test -s \(path)/filler") == 0)
                // What fits into what is there already goes through; then nothing does.
                let text = String(repeating: "x", count: 7000)
                var refused = 0
                for number in 0..<6000 where refused < 3 {
                    let ack = try await visitor.request(
                        "message:send", ["content": .string("\(number) \(text)"), "clientMsgId": .string("m\(number)")])
                    if ack["ok"] == true {
                        acknowledged.append(try #require(ack["seq"]))
                    } else {
                        #expect(ack["error"]?["code"] == "unavailable", "\(ack)")
                        refused += 1
                    }
                }
                #expect(refused == 3, "the disk never became full")
                #expect(try await PlainHTTP.get("/healthz", port: port).hasPrefix("HTTP/1.1 200"))
            }
            #expect(try Self.shell("rm \(path)/filler") == 0)
            let deadline = ContinuousClock.now + .seconds(60)
            while try await !PlainHTTP.get("/readyz", port: port).hasPrefix("HTTP/1.1 200") {
                try #require(ContinuousClock.now < deadline, "it does not come back")
                try await Task.sleep(for: .milliseconds(100))
            }
            try await SocketClient(port: port).withConnection(auth: ["token": token]) { visitor in
                let ack = try await visitor.request("message:send", ["content": "after"])
                #expect(ack["ok"] == true, "\(ack)")
                var (seqs, after): ([JSONValue], JSONValue) = ([], 0)
                while true {
                    let page = try await visitor.request("chat:join", ["chatId": chat, "afterSeq": after])
                    let messages = page["messages"]?.array ?? []
                    seqs += messages.compactMap { $0["seq"] }
                    guard page["hasMore"] == true, let last = seqs.last else { break }
                    after = last
                }
                #expect(seqs == (1...max(1, seqs.count)).map { .int($0) })
                #expect(acknowledged.allSatisfy(seqs.contains), "an acknowledged message is gone")
            }
            gateway.signal(SIGTERM)
            #expect(await gateway.end().status == 0)
        } catch {
            gateway.signal(SIGKILL)
            _ = await gateway.end()
            throw error
        }
    }
}
