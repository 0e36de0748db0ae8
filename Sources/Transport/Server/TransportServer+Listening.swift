internal import Logging
package import NIOCore
internal import NIOPosix
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension TransportServer {
    /// `TCP_USER_TIMEOUT`: a peer that vanished is given up when it has acknowledged nothing for that long. Accepted
    /// sockets inherit the option from the listening one.
    private static let unacknowledgedTimeout: (option: CInt, milliseconds: Int) = (18, 45_000)

    /// The option of sockets that listen on one port together and get a part of its connections each; nil where the
    /// system does not divide them, as on macOS.
    static var portSharing: NIOBSDSocket.Option? {
        #if os(Linux)
            NIOBSDSocket.Option(rawValue: SO_REUSEPORT)
        #else
            nil
        #endif
    }

    /// Binds and begins to accept; returns the bound address (with the port that the system chose, for port 0).
    @discardableResult
    package func start() async throws -> SocketAddress {
        try await start(sharing: Self.portSharing)
    }

    /// - Parameter sharing: the option by which every loop can have a listener; nil for one that serves all loops.
    func start(sharing: NIOBSDSocket.Option?) async throws -> SocketAddress {
        let channels = try await bind(sharing: sharing)
        do {
            for channel in channels {
                // Should it have another name one day, the way is longer and leads to the same place.
                try? await channel.pipeline.removeHandler(name: AcceptGate.bootstrapHandler).get()
                try await channel.setOption(.autoRead, value: true).get()
            }
            guard let address = channels.first?.localAddress else { throw ChannelError.unknownLocalAddress }
            listeners.withLock { $0 = channels }
            return address
        } catch {
            await Self.close(channels)
            throw error
        }
    }

    /// Stops accepting connections; established ones go on.
    package func stopAccepting() async throws {
        let channels = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        // All at once: what one that is closed does not get would go to the next.
        for closing in channels.map({ $0.close() }) { try await closing.get() }
    }

    // MARK: Sockets

    /// A listener for each loop, so that a connection is accepted where it will live: with one for all, most are handed to
    /// another thread, which has to be woken for each.
    private func bind(sharing: NIOBSDSocket.Option?) async throws -> [any Channel] {
        guard let sharing, eventLoops.count > 1 else { return [try await bindOne(for: group)] }
        // The first one binds, and listens, without the option: where anybody listens already, another server of this
        // program included, that is an error, and the kernel lets only one of two through that try at the same time. It
        // takes the option afterwards and never lets go of the port in between. What remains is a stranger of the same user
        // who asks for a share of a port before looking whether it is taken, which nobody does by mistake.
        let first = try await bindOne(for: eventLoops[0])
        var channels = [first]
        do {
            try await first.setOption(.socketOption(sharing), value: 1).get()
            guard let address = first.localAddress else { throw ChannelError.unknownLocalAddress }
            for loop in eventLoops.dropFirst() {
                channels.append(
                    try await bootstrap(for: loop).serverChannelOption(.socketOption(sharing), value: 1)
                        .bind(to: address).get())
            }
            return channels
        } catch let error as IOError {
            await Self.close(channels)
            // A kernel that knows the option only from before the first bind, or not at all.
            server.logger.notice("one listener for all event loops", metadata: ["error": "\(error)"])
            return [try await bindOne(for: group)]
        } catch {
            await Self.close(channels)
            throw error
        }
    }

    private func bindOne(for loops: any EventLoopGroup) async throws -> any Channel {
        try await bootstrap(for: loops).bind(host: configuration.host, port: configuration.port).get()
    }

    /// What makes a listener whose connections live on these loops.
    private func bootstrap(for group: any EventLoopGroup) -> ServerBootstrap {
        let loops = loops
        let server = server
        let (option, milliseconds) = Self.unacknowledgedTimeout
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: CInt(clamping: configuration.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: option)), value: milliseconds)
            // Nothing is accepted before the pipeline is as it shall be.
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let gate = AcceptGate(server: server) { connection in
                        guard let loop = loops[ObjectIdentifier(connection.eventLoop)]?.value else {
                            throw ChannelError.operationUnsupported
                        }
                        try Self.configure(connection, loop)
                    }
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
    }

    private static func close(_ channels: [any Channel]) async {
        for channel in channels { try? await channel.close() }
    }
}
