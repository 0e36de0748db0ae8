package import EngineIO

/// The request that started, or asks to start, a session; what Socket.IO shows applications as `handshake`.
///
/// Kept for the life of the session, therefore as one block of text instead of a dictionary of strings; it is taken
/// apart when somebody asks.
package struct EngineHandshake: Sendable {
    /// Path and query as sent.
    package let url: String
    /// The peer's IP address, without port.
    package let remoteAddress: String
    /// Whether the request came over TLS.
    package let isSecure: Bool
    package let transport: TransportName
    /// How packets look on that transport.
    let form: WireForm
    /// Names in lower case and values, all terminated by a line feed, which neither can contain.
    private let headerBlock: String

    package init(
        url: String,
        headers: some Sequence<(name: String, value: String)>,
        remoteAddress: String,
        isSecure: Bool,
        transport: TransportName,
        form: WireForm
    ) {
        self.url = url
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        self.transport = transport
        self.form = form
        var block = ""
        for (name, value) in headers {
            block += name.lowercased()
            block += "\n"
            block += value
            block += "\n"
        }
        headerBlock = block
    }

    /// The protocol's revision of the session.
    package var revision: Revision { form.revision }

    /// All headers, names in lower case, in the order of the request; repeated ones are repeated.
    package var headers: [(name: String, value: String)] {
        var lines = headerBlock.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var headers: [(name: String, value: String)] = []
        while lines.count >= 2 {
            headers.append((String(lines.removeFirst()), String(lines.removeFirst())))
        }
        return headers
    }

    /// The first value of a header; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// All query parameters in order, decoded, `EIO`, `transport` and `t` included.
    package var query: [(name: String, value: String)] {
        Array(QueryParameters(target: url))
    }

    /// The last value of a query parameter, as Node keeps it.
    package func queryValue(_ name: String) -> String? {
        query.last { $0.name == name }?.value
    }

    /// Whether the request came from a page of another origin, as far as an `Origin` header tells.
    package var isCrossDomain: Bool { header("origin") != nil }
}
