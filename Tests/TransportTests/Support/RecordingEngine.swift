import EngineIO
import NIOCore
import NIOPosix
import Synchronization

@testable import Transport

/// A layer above that echoes every message and remembers what it was told. Some texts are commands.
final class RecordingEngine: EngineHandler {
    enum Event: Equatable {
        case opened(String)
        case text(String)
        case binary([UInt8])
        case closed(String, CloseReason)
    }

    struct State {
        var events: [Event] = []
        var connections: [String: EngineConnection] = [:]
        var witnesses: [Witness] = []
        var admission = Admission.accept
        var handshakes: [EngineHandshake] = []
        /// Handshakes that were admitted and came to nothing.
        var abandoned = 0
        var refusals: [ConnectionError] = []
        var waiters: [EventLoopPromise<Void>] = []
    }

    /// Sees whether a session is let go of once it is over.
    struct Witness {
        weak var connection: EngineConnection?
    }

    let state = Mutex(State())

    func admit(_ handshake: EngineHandshake) -> Admission {
        state.withLock {
            $0.handshakes.append(handshake); return $0.admission
        }
    }

    func abandoned(_ handshake: EngineHandshake) { state.withLock { $0.abandoned += 1 } }

    func refused(_ error: ConnectionError) { state.withLock { $0.refusals.append(error) } }

    func opened(_ connection: EngineConnection) {
        connection.context = self
        record(.opened(connection.id.description)) {
            $0.connections[connection.id.description] = connection
            $0.witnesses.append(Witness(connection: connection))
        }
    }

    func received(_ message: EngineMessage, on connection: EngineConnection) {
        switch message {
        case .text(let payload):
            let text = String(buffer: payload)
            record(.text(text))
            switch text {
            case "close": connection.close()
            case "pause": connection.pauseReading()
            case "burst":
                for number in 0..<1000 { connection.send(.text(ByteBuffer(string: "n\(number)"))) }
            default: connection.send(message)
            }
        case .binary(let payload):
            record(.binary(Array(payload.readableBytesView)))
            connection.send(message)
        }
    }

    func closed(_ connection: EngineConnection, reason: CloseReason) {
        record(.closed(connection.id.description, reason)) { $0.connections[connection.id.description] = nil }
    }

    private func record(_ event: Event, _ change: (inout State) -> Void = { _ in }) {
        let waiters = state.withLock { state in
            state.events.append(event)
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.succeed() }
    }

    /// What was refused since the last time.
    func takeRefusals() -> [ConnectionError] {
        state.withLock { state in
            defer { state.refusals = [] }
            return state.refusals
        }
    }

    var events: [Event] { state.withLock { $0.events } }

    /// Sessions of whatever state that something still refers to.
    var survivors: Int { state.withLock { state in state.witnesses.count { $0.connection != nil } } }

    func connection(_ id: String) -> EngineConnection? { state.withLock { $0.connections[id] } }

    struct Missing: Error {
        let events: [Event]
    }

    /// Waits until an event has been seen.
    func wait(for event: Event, within limit: TimeAmount = .seconds(30)) async throws {
        let deadline = NIODeadline.now() + limit
        while true {
            let promise = TestServer.clients.next().makePromise(of: Void.self)
            let isThere = state.withLock { state in
                state.waiters.append(promise)
                return state.events.contains(event)
            }
            if isThere {
                promise.succeed()
                return
            }
            let timer = promise.futureResult.eventLoop.scheduleTask(deadline: deadline) {
                promise.fail(CancellationError())
            }
            defer { timer.cancel() }
            do { try await promise.futureResult.get() } catch { throw Missing(events: events) }
        }
    }

    func wait(closed id: String, _ reason: CloseReason, within limit: TimeAmount = .seconds(30)) async throws {
        try await wait(for: .closed(id, reason), within: limit)
    }
}
