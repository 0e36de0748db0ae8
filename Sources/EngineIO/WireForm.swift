/// How packets look on one transport: the revision of its session, and what the request that opened it asked for.
///
/// The revision is the session's and never changes. `b64` and `j` are read from the request that opens a transport, as
/// in Node: a client may poll in text and move to a WebSocket that takes bytes.
package struct WireForm: Sendable, Equatable {
    package let revision: Revision
    /// `b64`: the client cannot take raw bytes, so that binary messages go out as text.
    package let usesBase64: Bool
    /// `j`: payloads are scripts that call the client's function of this number (JSONP). Always nil in revision 4, which
    /// has no such form.
    package let callback: UInt32?

    /// - Parameters:
    ///   - base64: the value of the query parameter `b64`; anything but an empty one asks for text.
    ///   - callback: the value of `j`. Only its digits count, and of these the first nine, so that nothing that a client
    ///     writes there can become code.
    package init(revision: Revision, base64: String? = nil, callback: String? = nil) {
        self.revision = revision
        usesBase64 = base64?.isEmpty == false
        switch revision {
        case .v3:
            self.callback = callback.map { text in
                let digits = text.utf8.lazy.filter { (0x30...0x39).contains($0) }.prefix(9)
                return digits.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
            }
        case .v4:
            self.callback = nil
        }
    }

    /// Whether a POST may carry a payload of bytes (`application/octet-stream`).
    package var takesBinaryPayloads: Bool { revision == .v3 && callback == nil }

    /// Whether a poll's answer may be bytes.
    var sendsBinaryPayloads: Bool { takesBinaryPayloads && !usesBase64 }
}
