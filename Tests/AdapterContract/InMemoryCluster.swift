package import NIOCore
internal import Synchronization

/// What stands between the servers of a cluster, in one process: messages are bytes, arrive later and in order, and can
/// be lost.
package final class InMemoryCluster: Sendable {
    /// Names a server.
    package typealias Server = Int

    private struct State {
        var inboxes: [Server: AsyncStream<ByteBuffer>.Continuation] = [:]
        var deaf: Set<Server> = []
        var last: Server = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Servers at the moment.
    package var count: Int { self.state.withLock { $0.inboxes.count } }

    /// Adds a server. Its messages are passed to `receive`, one after the other, until it leaves.
    package func join(_ receive: @escaping @Sendable (ByteBuffer) async -> Void) -> Server {
        let (messages, inbox) = AsyncStream.makeStream(of: ByteBuffer.self)
        Task {
            for await message in messages { await receive(message) }
        }
        return self.state.withLock { state in
            state.last += 1
            state.inboxes[state.last] = inbox
            return state.last
        }
    }

    package func leave(_ server: Server) {
        self.state.withLock { $0.inboxes.removeValue(forKey: server) }?.finish()
    }

    /// Loses all messages to a server from now on, which goes on to count as one.
    package func deafen(_ server: Server) {
        _ = self.state.withLock { $0.deaf.insert(server) }
    }

    /// Sends to all other servers.
    func publish(_ message: ByteBuffer, from sender: Server) {
        self.state.withLock { state in
            for (server, inbox) in state.inboxes where server != sender && !state.deaf.contains(server) {
                inbox.yield(message)
            }
        }
    }

    /// Sends to one server.
    func send(_ message: ByteBuffer, to server: Server) {
        self.state.withLock { state in
            guard !state.deaf.contains(server) else { return }
            _ = state.inboxes[server]?.yield(message)
        }
    }
}
