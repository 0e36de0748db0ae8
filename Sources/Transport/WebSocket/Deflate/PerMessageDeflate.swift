/// The settings of permessage-deflate, the compression of WebSocket messages (RFC 7692).
///
/// The defaults compress every message on its own in both directions. That is a little worse in size than windows that
/// span messages, but a connection then holds no memory for it, and a broadcast is compressed once for all receivers.
package struct PerMessageDeflate: Sendable, Equatable {
    /// Messages smaller than this, in bytes, are sent as they are. Default 1024.
    package var threshold: Int
    /// Whether our messages are compressed independently of one another. A client may ask for it in any case.
    package var serverNoContextTakeover: Bool
    /// Whether clients must compress their messages independently of one another.
    package var clientNoContextTakeover: Bool
    /// Window of our compressor as a power of two, 9 to 15; a client may ask for a smaller one. Default 15.
    package var serverMaxWindowBits: Int
    /// Window of the client's compressor as a power of two, 8 to 15. Clients that do not say that they can limit theirs
    /// get no compression when this is below 15. Default 15.
    package var clientMaxWindowBits: Int
    /// Effort of zlib, 1 to 9. Default 6.
    package var level: Int
    /// Connections of one event loop that may keep a compressor with its window (256 KiB) at once; the one unused for
    /// longest gives its own up. Default 64.
    package var maxCompressors: Int

    package init(
        threshold: Int = 1024,
        serverNoContextTakeover: Bool = true,
        clientNoContextTakeover: Bool = true,
        serverMaxWindowBits: Int = 15,
        clientMaxWindowBits: Int = 15,
        level: Int = 6,
        maxCompressors: Int = 64
    ) {
        self.threshold = max(0, threshold)
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = min(max(serverMaxWindowBits, 9), 15)
        self.clientMaxWindowBits = min(max(clientMaxWindowBits, 8), 15)
        self.level = min(max(level, 1), 9)
        self.maxCompressors = max(1, maxCompressors)
    }
}
