internal import SocketServer
internal import Transport

/// The client bundle, and 404 for everything else.
struct BundleFallback: FallbackHandler {
    let bundle: ClientBundle?

    func respond(to request: FallbackRequest) async -> FallbackResponse {
        if let response = self.bundle?.respond(to: request) { return response }
        return await NotFoundFallback().respond(to: request)
    }
}
