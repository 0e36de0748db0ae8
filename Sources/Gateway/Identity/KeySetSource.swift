internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Asks for key sets: over TLS only, from the address that the operator wrote down and no other, a short time, a small
/// answer. Nothing that a token says reaches this place.
struct KeySetSource: Sendable {
    /// How long an answer may take, all of it.
    static let timeout: TimeAmount = .seconds(3)

    struct Failure: Error, Sendable, CustomStringConvertible {
        var description: String
    }

    let loops: any EventLoopGroup
    /// A PEM file of authorities that are trusted besides the system's.
    let authorities: String?

    /// - Throws: where there is no answer, or none with a key in it.
    func fetch(_ url: String) async throws -> String {
        guard url.hasPrefix("https://") else { throw Failure(description: "not an https address") }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities { tls.additionalTrustRoots = [.file(authorities)] }
        let configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: Self.timeout, read: Self.timeout),
            // A few bytes may not become many.
            decompression: .disabled)
        // A set is asked for every few minutes: nothing is worth keeping in between.
        let client = HTTPClient(eventLoopGroupProvider: .shared(self.loops), configuration: configuration)
        // A peer that does not even close properly is not waited for; the client is gone a few seconds later.
        defer { Task { try? await client.shutdown() } }
        return try await self.fetch(url, client)
    }

    private func fetch(_ url: String, _ client: HTTPClient) async throws -> String {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "application/jwk-set+json, application/json")
        request.headers.add(name: "user-agent", value: "puente")
        let response = try await client.execute(request, timeout: Self.timeout)
        guard response.status == .ok else { throw Failure(description: "answered \(response.status.code)") }
        let body = try await response.body.collect(upTo: KeySetDocument.maximumBytes)
        let text = String(buffer: body)
        guard KeySetDocument(parsing: text) != nil else {
            throw Failure(description: "answered with no key for RS256, ES256 or EdDSA that has a kid")
        }
        return text
    }
}
