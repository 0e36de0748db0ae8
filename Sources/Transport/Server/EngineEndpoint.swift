package import EngineIO

/// One Engine.IO engine on a server: a path prefix, its settings and the handler that its sessions talk to.
package struct EngineEndpoint: Sendable {
    /// The raw prefix that requests of this engine start with, slash at the end: `/socket.io/`.
    package let prefix: String
    package let configuration: EngineConfiguration
    package let handler: any EngineHandler
    package let cors: any CORSPolicy
    /// Files right under the prefix (`socket.io.js`, …) that the ``FallbackHandler`` answers instead of the engine.
    package let fallbackFiles: Set<String>

    /// - Parameter path: the path option of Socket.IO, with or without the slash at the end.
    package init(
        path: String = "/socket.io",
        configuration: EngineConfiguration = EngineConfiguration(),
        handler: any EngineHandler,
        cors: any CORSPolicy = StaticCORSPolicy.off,
        fallbackFiles: Set<String> = []
    ) {
        self.prefix = path.hasSuffix("/") ? path : path + "/"
        self.configuration = configuration
        self.handler = handler
        self.cors = cors
        self.fallbackFiles = fallbackFiles
    }
}
