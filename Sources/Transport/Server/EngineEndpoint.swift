package import EngineIO

/// One Engine.IO engine on a server: a path prefix, its settings and the handler that its sessions talk to.
package struct EngineEndpoint: Sendable {
    /// The raw prefix that requests of this engine start with: `/socket.io/`.
    package let prefix: String
    /// What names of ``fallbackFiles`` follow: the path with one slash at the end.
    let filePrefix: String
    package let configuration: EngineConfiguration
    package let handler: any EngineHandler
    package let cors: any CORSPolicy
    /// The cookie that a polling handshake sets; nil, the default, for none.
    package let cookie: SessionCookie?
    /// Files right under the prefix (`socket.io.js`, …) that the ``FallbackHandler`` answers instead of the engine.
    package let fallbackFiles: Set<String>

    /// - Parameters:
    ///   - path: the path option of Socket.IO, with or without the slash at the end.
    ///   - addsTrailingSlash: whether requests must have that slash; without it `/socket.io?EIO=4` is the engine's too.
    package init(
        path: String = "/socket.io",
        addsTrailingSlash: Bool = true,
        configuration: EngineConfiguration = EngineConfiguration(),
        handler: any EngineHandler,
        cors: any CORSPolicy = StaticCORSPolicy.off,
        cookie: SessionCookie? = nil,
        fallbackFiles: Set<String> = []
    ) {
        let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
        self.filePrefix = bare + "/"
        self.prefix = addsTrailingSlash || bare.isEmpty ? bare + "/" : bare
        self.configuration = configuration
        self.handler = handler
        self.cors = cors
        self.cookie = cookie
        self.fallbackFiles = fallbackFiles
    }

    /// Whether a request's target, as sent, belongs to this engine.
    func matches(target: String) -> Bool {
        guard target.utf8Span.span.starts(with: prefix.utf8Span.span) else { return false }
        guard prefix.utf8.last != UInt8(ascii: "/") else { return true }
        // Node takes whatever begins so, `/socket.iox` included.
        switch target.utf8.dropFirst(prefix.utf8.count).first {
        case nil, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
        default: return false
        }
    }
}
