package import NIOCore

/// The settings of the listening socket and of its HTTP and WebSocket layers.
package struct TransportConfiguration: Sendable {
    /// Address to bind. Default `127.0.0.1`.
    package var host: String
    /// Port to bind; 0 lets the system choose. Default 3000.
    package var port: Int
    /// The certificate to show; nil, the default, speaks no TLS.
    package var tls: TLSIdentity?
    /// Connections that may wait to be accepted, for each event loop. Default 1024.
    package var backlog: Int
    /// Longest request line in bytes; above it 414. Default 8 KiB.
    package var maxRequestLine: Int
    /// Largest block of headers in bytes; above it 431. Default 32 KiB.
    package var maxHeaderBytes: Int
    /// Most headers of a request; above it 431. Default 128.
    package var maxHeaderCount: Int
    /// Largest body of a request for the fallback, in bytes; above it 413. Default 1 MiB.
    package var maxFallbackBody: Int
    /// Requests of one connection that may wait behind the one being answered. Default 16.
    package var maxPipelinedRequests: Int
    /// Time for a request's head, counted from the first byte or from the accept. Default 10 s.
    package var headerTimeout: TimeAmount
    /// Time for a request's body. Default 30 s.
    package var bodyTimeout: TimeAmount
    /// Time before ``minBodyRate`` is asked for. Default 10 s.
    package var bodyGrace: TimeAmount
    /// Bytes per second, on average, below which a body is given up; 408. Default 500.
    package var minBodyRate: Int
    /// Time between two requests of a connection. Default 60 s.
    package var idleTimeout: TimeAmount
    /// Time without progress after which an unread answer is given up. Default 20 s.
    package var writeTimeout: TimeAmount
    /// Time that the peer has to answer a WebSocket close frame. Default 5 s.
    package var closeTimeout: TimeAmount
    /// Bytes that may wait for one session's client; above it the session closes as `slow_consumer`. Default 1 MiB.
    package var maxPendingBytes: Int
    /// Bytes above which optional traffic to a session should be left out. Default 256 KiB.
    package var softPendingBytes: Int
    /// Time above ``softPendingBytes`` after which a session closes as `slow_consumer`. Default 10 s.
    package var softPendingTimeout: TimeAmount
    /// Most frames of one fragmented WebSocket message; above it 1008. Default 131,072.
    package var maxFragments: Int
    /// Smallest body of a poll's answer that is compressed, in bytes; nil never compresses. Default 1024.
    package var compressionThreshold: Int?
    /// Compression of WebSocket messages for clients that offer it; nil, the default, accepts no offer.
    package var perMessageDeflate: PerMessageDeflate?
    /// Most packets in one poll's answer, as python-engineio accepts no more. Default 16.
    package var maxPacketsPerPoll: Int

    package init(host: String = "127.0.0.1", port: Int = 3000) {
        self.host = host
        self.port = port
        tls = nil
        backlog = 1024
        maxRequestLine = 8 << 10
        maxHeaderBytes = 32 << 10
        maxHeaderCount = 128
        maxFallbackBody = 1 << 20
        maxPipelinedRequests = 16
        headerTimeout = .seconds(10)
        bodyTimeout = .seconds(30)
        bodyGrace = .seconds(10)
        minBodyRate = 500
        idleTimeout = .seconds(60)
        writeTimeout = .seconds(20)
        closeTimeout = .seconds(5)
        maxPendingBytes = 1 << 20
        softPendingBytes = 256 << 10
        softPendingTimeout = .seconds(10)
        maxFragments = 131_072
        compressionThreshold = 1024
        perMessageDeflate = nil
        maxPacketsPerPoll = 16
    }
}
