internal import EngineIO

/// One running engine: its endpoint and its sessions.
final class Engine: Sendable {
    let endpoint: EngineEndpoint
    let timing: SessionTiming
    let webSocketLimits: WebSocketLimits
    let sessions = SessionRegistry()

    init(endpoint: EngineEndpoint, configuration: TransportConfiguration) {
        self.endpoint = endpoint
        timing = SessionTiming(endpoint.configuration)
        webSocketLimits = WebSocketLimits(
            maxMessage: endpoint.configuration.maxPayload, maxFragments: configuration.maxFragments)
    }

    var configuration: EngineConfiguration { endpoint.configuration }
    var handler: any EngineHandler { endpoint.handler }
}
