internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Files that are served exactly by their path, from memory: no part of a request ever becomes a file name.
struct StaticPages: Sendable {
    /// One answer, complete but for the request's condition.
    private struct Page: Sendable {
        let headers: HTTPFields
        let body: ByteBuffer
        let entityTag: String
    }

    private var pages: [String: Page] = [:]

    /// Adds a file.
    ///
    /// - Parameter headers: what goes with it besides type and tag.
    mutating func add(
        path: String, contentType: String, body: ByteBuffer, headers: [(name: String, value: String)]
    ) {
        // RFC 9110 section 8.8.3: a strong validator of these very bytes.
        let tag = "\"\(Base64URL.encode(SHA256.hash(data: body.readableBytesView).prefix(12).map { $0 }))\""
        var fields: HTTPFields = [.contentType: contentType, .eTag: tag]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        fields[.xContentTypeOptions] = "nosniff"
        self.pages[path] = Page(headers: fields, body: body, entityTag: tag)
    }

    /// One route for each file.
    func addRoutes(to router: Router<GatewayRequestContext>) {
        for (path, page) in self.pages {
            router.get(RouterPath(path)) { request, _ in
                // RFC 9110 section 13.1.2: `*`, or a list of tags, weak ones included.
                let condition = request.headers[.ifNoneMatch] ?? ""
                if condition == "*" || condition.contains(page.entityTag) {
                    return Response(status: .notModified, headers: page.headers)
                }
                return Response(status: .ok, headers: page.headers, body: ResponseBody(byteBuffer: page.body))
            }
        }
    }
}
