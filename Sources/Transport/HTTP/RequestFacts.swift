internal import NIOHTTP1

/// What the connection and the engines ask of a request's headers, gathered in one pass.
///
/// Asking NIO's headers by name is a search each time, and a poll asks for a dozen names.
struct RequestFacts {
    private(set) var hosts = 0
    /// The first of each; nil where there is none.
    private(set) var host: String?
    private(set) var origin: String?
    private(set) var acceptedCodings: String?
    /// The `Content-Length`; nil where there is none or it is no plain number.
    private(set) var contentLength: Int?
    private(set) var expectsContinue = false
    /// Whether the connection is asked to become something else.
    private(set) var hasUpgrade = false
    /// A body of raw bytes, which only revision 3 has a payload for.
    private(set) var hasBinaryBody = false
    /// A compressed body, which nobody here takes.
    private(set) var hasCodedBody = false

    private var lengths = 0
    private var codings = 0
    private var isChunked = false
    private var namesWebSocket = false
    private var namesUpgrade = false
    private var hasType = false

    init(_ headers: HTTPHeaders) {
        for (name, value) in headers { note(name, value) }
    }

    /// Whether the request asks for a WebSocket at all: RFC 6455, section 4.2.1.
    var wantsWebSocket: Bool { namesWebSocket && namesUpgrade }

    /// Whether the length of the body is in doubt: several lengths, one that is no number, or a transfer coding that is
    /// unknown or beside a length.
    var isLengthAmbiguous: Bool {
        if codings > 0 { return codings > 1 || !isChunked || lengths > 0 }
        return lengths > 1 || lengths == 1 && contentLength == nil
    }

    private mutating func note(_ name: String, _ value: String) {
        // By length first: most headers of a browser concern nobody here.
        switch name.utf8.count {
        case 4 where name.isHeader("host"):
            hosts += 1
            host = host ?? value
        case 6 where name.isHeader("origin"):
            origin = origin ?? value
        case 6 where name.isHeader("expect"):
            expectsContinue = expectsContinue || value.isHeader("100-continue")
        case 7 where name.isHeader("upgrade"):
            hasUpgrade = true
            namesWebSocket = namesWebSocket || Self.lists("websocket", in: value)
        case 10 where name.isHeader("connection"):
            namesUpgrade = namesUpgrade || Self.lists("upgrade", in: value)
        case 12 where name.isHeader("content-type") && !hasType:
            hasType = true
            hasBinaryBody = value.hasHeaderPrefix("application/octet-stream")
        case 14 where name.isHeader("content-length"):
            lengths += 1
            contentLength = value.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(value) : nil
        case 15 where name.isHeader("accept-encoding"):
            acceptedCodings = acceptedCodings ?? value
        case 16 where name.isHeader("content-encoding"):
            hasCodedBody = hasCodedBody || !value.isHeader("identity")
        case 17 where name.isHeader("transfer-encoding"):
            codings += 1
            isChunked = value.isHeader("chunked")
        default:
            break
        }
    }

    /// Whether a comma-separated list has this element, in any case.
    private static func lists(_ element: StaticString, in list: String) -> Bool {
        if list.isHeader(element) { return true }
        return list.utf8.contains(UInt8(ascii: ","))
            && list.split(separator: ",").contains { String($0.trimmingBlanks).isHeader(element) }
    }
}

extension String {
    /// Equality but for the case of ASCII letters; `lowercase` has none in capitals.
    fileprivate func isHeader(_ lowercase: StaticString) -> Bool {
        utf8.count == lowercase.utf8CodeUnitCount && hasHeaderPrefix(lowercase)
    }

    fileprivate func hasHeaderPrefix(_ lowercase: StaticString) -> Bool {
        let bytes = utf8Span.span
        guard bytes.count >= lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { wanted in
            for index in wanted.indices {
                let byte = bytes[index]
                let isCapital = 0x41...0x5A ~= byte
                guard (isCapital ? byte | 0x20 : byte) == wanted[index] else { return false }
            }
            return true
        }
    }
}
