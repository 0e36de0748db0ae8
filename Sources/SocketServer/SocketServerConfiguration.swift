package import NIOCore
package import SocketIO

/// The settings of Socket.IO; those of Engine.IO and of the listening socket are Transport's.
package struct SocketServerConfiguration: Sendable {
    /// Time from the handshake to the first joined namespace; afterwards the connection is closed. Default 45 s.
    package var connectTimeout: TimeAmount = .seconds(45)
    /// Connections that have not asked for a namespace yet; with one more, the one that has waited longest is closed. Default:
    /// any number.
    package var maxNewcomers = Int.max
    /// ``connectTimeout`` while more than half as many are there. Default 10 s.
    package var crowdedConnectTimeout: TimeAmount = .seconds(10)
    /// How packets stand on the wire; clients must be built for the same. Default: the protocol's own text form.
    package var codec = PacketCodec.text
    /// Whether, and how long, clients that lost their connection may go on where they were; nil, the default, for not.
    ///
    /// With it every event but volatile and dispensable ones and those that ask for an answer has one more argument, a string.
    package var recovery: RecoveryConfiguration?
    /// What one peer may make us hold.
    package var limits = PacketLimits()
    /// Events of one socket that wait for asynchronous handlers before its connection is no longer read. Default 32.
    package var maxQueuedEvents = 32
    /// Bytes of these events. Default 256 KiB.
    package var maxQueuedBytes = 256 << 10
    /// Whether a dynamic namespace goes away with its last socket. Default false.
    package var cleanupEmptyChildNamespaces = false

    package init() {}
}
