internal import HTTPTypes
internal import NIOCore
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

/// A listener whose work is still to be built says so.
struct UnavailableFallback: FallbackHandler {
    let reason: String

    func respond(to request: FallbackRequest) async -> FallbackResponse {
        FallbackResponse(
            status: .notImplemented, headers: [.contentType: "application/json"],
            body: ByteBuffer(string: #"{"error":"not implemented","message":"\#(self.reason)"}"#))
    }
}
