internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sends one request to one address: looked up once, judged, and connected to as it was judged; no redirect is followed, and
/// of the answer only the status counts.
struct WebhookSender: Sendable {
    let loops: any EventLoopGroup
    let settings: WebhookSettings
    /// The addresses of a name.
    var resolve: @Sendable (String) async throws(WebhookFailure) -> [String] = HostLookup.addresses

    struct Request: Sendable {
        var url: String
        var headers: [(String, String)]
        var body: ByteBuffer
    }

    /// - Returns: the status, between 200 and 299.
    func send(_ request: Request) async throws(WebhookFailure) -> Int {
        let outcome = await withTaskGroup(of: Result<Int, WebhookFailure>.self) { group in
            group.addTask { await self.attempt(request) }
            group.addTask {
                try? await Task.sleep(for: self.settings.timeout)
                return .failure(.timeout)
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.timeout)
        }
        return try outcome.get()
    }

    private func attempt(_ request: Request) async -> Result<Int, WebhookFailure> {
        do throws(WebhookFailure) {
            let (target, address) = try await self.judged(request.url)
            let status = try await self.post(request, target, address)
            guard (200...299).contains(status) else { throw .status(status) }
            return .success(status)
        } catch {
            return .failure(error)
        }
    }

    /// The address to connect to. One private address among several is enough to refuse the name.
    func judged(_ url: String) async throws(WebhookFailure) -> (target: WebhookTarget, address: String) {
        let target: WebhookTarget
        do throws(WebhookTarget.Refusal) {
            target = try WebhookTarget(url, rules: self.settings.rules)
        } catch {
            throw .badAddress
        }
        if target.literal != nil { return (target, target.host) }
        // By which the client looks its override up: another reading would be looked up by itself, unjudged.
        guard URL(string: target.url)?.host == target.host else { throw .badAddress }
        let found = try await self.resolve(target.host)
        guard let first = found.first else { throw .unresolved }
        guard self.settings.allowPrivate || found.allSatisfy({ NetworkAddress($0)?.isPublic ?? false }) else {
            throw .privateAddress
        }
        return (target, first)
    }

    private func post(
        _ request: Request, _ target: WebhookTarget, _ address: String
    ) async throws(WebhookFailure) -> Int {
        do {
            return try await self.exchange(request, target, address)
        } catch let error as HTTPClientError {
            throw [.connectTimeout, .readTimeout, .deadlineExceeded, .tlsHandshakeTimeout].contains(error)
                ? .timeout : .connection
        } catch is NIOSSLError {
            throw .tls
        } catch is NIOSSLExtraError {
            throw .tls
        } catch is CancellationError {
            throw .timeout
        } catch {
            throw .connection
        }
    }

    private func exchange(_ request: Request, _ target: WebhookTarget, _ address: String) async throws -> Int {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authorities = self.settings.authorities { tls.additionalTrustRoots = [.file(authorities)] }
        let limit = TimeAmount.milliseconds(self.settings.timeout.inMilliseconds)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: limit, read: limit), decompression: .disabled)
        configuration.httpVersion = .http1Only
        // The name stays what is asked for and what the certificate must be of; the address is the one that was judged.
        if target.literal == nil { configuration.dnsOverride = [target.host: address] }
        let client = HTTPClient(eventLoopGroupProvider: .shared(self.loops), configuration: configuration)
        defer { Task { try? await client.shutdown() } }
        var outgoing = HTTPClientRequest(url: target.url)
        outgoing.method = .POST
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        outgoing.body = .bytes(request.body)
        // The body is not asked for: with the answer it is dropped, whatever its size and however slowly it comes.
        return Int(try await client.execute(outgoing, timeout: limit).status.code)
    }
}
