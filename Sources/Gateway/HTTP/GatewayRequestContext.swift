internal import Hummingbird
internal import Logging

/// What a request brings to Hummingbird's router besides itself.
struct GatewayRequestSource: RequestContextSource {
    /// Carries `hb.request.id`: `RequestContext.id` traps without it.
    let logger: Logger
    /// The peer's address, without port.
    let remoteAddress: String
    let isSecure: Bool
}

/// The context of one HTTP request.
struct GatewayRequestContext: RequestContext {
    typealias Source = GatewayRequestSource

    var coreContext: CoreRequestContextStorage
    let remoteAddress: String
    let isSecure: Bool

    init(source: GatewayRequestSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.remoteAddress = source.remoteAddress
        self.isSecure = source.isSecure
    }
}
