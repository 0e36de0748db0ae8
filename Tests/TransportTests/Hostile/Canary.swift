import HostileSupport
import NIOCore
import Synchronization
import Testing

/// A client that behaves. It sends numbered messages one after the other and wants each back: all of them, in order, within
/// ``patience`` however busy the machine is, and nearly all of them as soon as ``Punctuality`` wants it.
struct Canary: Sendable {
    static let prefix = "canary "
    private static let patience = TimeAmount.seconds(10)
    /// Rounds before the attack begins, and after it is over.
    private static let quietRounds = 3

    private let isOver: Flag
    private let task: Task<Punctuality, any Error>
    private let leave: @Sendable () async -> Void

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    struct Disturbed: Error {
        let expected: String
        let received: String
    }

    /// Exchanges a few messages, then goes on in the background until ``finish()``.
    private static func start(
        _ queue: RunQueue, _ exchange: @escaping @Sendable (_ text: String) async throws -> Void,
        leaving leave: @escaping @Sendable () async -> Void
    ) async throws -> Canary {
        let metronome = try await Metronome.start(on: TestServer.clients)
        for number in 0..<quietRounds { try await exchange("\(prefix)\(number)") }
        let isOver = Flag()
        let task = Task {
            var punctuality = Punctuality()
            var number = quietRounds
            var left = quietRounds
            while left > 0 {
                if isOver.value.load(ordering: .relaxed) { left -= 1 }
                let (start, waited) = (ContinuousClock.now, queue.waited)
                try await exchange("\(prefix)\(number)")
                let round = start.duration(to: .now)
                punctuality.add(round, waited: queue.waited - waited, calm: try await metronome.beat())
                number += 1
                // A pace, not a wait: the canaries must not be the load.
                try await Task.sleep(for: .milliseconds(1))
            }
            await metronome.stop()
            return punctuality
        }
        return Canary(isOver: isOver, task: task, leave: leave)
    }

    /// The attack is over: a few more exchanges follow.
    func end() {
        isOver.value.store(true, ordering: .relaxed)
    }

    /// Waits for the last exchange after ``end()``; then the canary leaves.
    func finish() async {
        do {
            let punctuality = try await task.value
            #expect(punctuality.isKept, "\(punctuality)")
        } catch {
            Issue.record(error, "a well-behaved client was disturbed")
        }
        await leave()
    }
}

extension Canary {
    static func overWebSocket(_ server: TestServer, _ queue: RunQueue) async throws -> Canary {
        let (_, client) = try await server.webSocket()
        return try await start(queue) { text in
            try await client.send(.text("4" + text))
            while true {
                let frame = try await client.frame(within: patience)
                guard frame == .text("2") else {
                    guard frame == .text("4" + text) else { throw Disturbed(expected: text, received: frame.text) }
                    return
                }
                try await client.send(.text("3"))
            }
        } leaving: {
            try? await client.send(.close())
            await client.close()
        }
    }

    static func overPolling(_ server: TestServer, _ queue: RunQueue) async throws -> Canary {
        let (sid, client) = try await server.poll()
        let target = TestServer.polling + "&sid=\(sid)"
        return try await start(queue) { text in
            let posted = try await client.post(target, "4" + text)
            guard posted.text == "ok" else { throw Disturbed(expected: "ok", received: posted.text) }
            while true {
                let packets = try await client.exchange(RawClient.request("GET", target), within: patience).text
                    .split(separator: "\u{1E}")
                if packets.contains("2") { _ = try await client.post(target, "3") }
                let messages = packets.filter { $0 != "2" }
                guard messages.isEmpty else {
                    guard messages == ["4" + text] else {
                        throw Disturbed(expected: text, received: messages.joined(separator: " "))
                    }
                    return
                }
            }
        } leaving: {
            _ = try? await client.post(target, "1")
            await client.close()
        }
    }
}
