internal import EngineIO

/// The parameters of an engine request that the protocol reads, found in one pass over the target.
///
/// A poll and a POST carry nothing else that anybody reads, and there are many of them: no text is made of values that
/// are compared or decoded where they stand.
struct EngineTarget {
    /// A parameter that must not be there twice.
    enum Parameter<Value> {
        case absent
        /// Nil where the text means nothing to us.
        case present(Value?)

        var value: Value? {
            if case .present(let value) = self { return value }
            return nil
        }

        /// False where it was there before.
        mutating func set(_ value: Value?) -> Bool {
            if case .present = self { return false }
            self = .present(value)
            return true
        }
    }

    private(set) var revision = Parameter<Revision>.absent
    private(set) var transport = Parameter<TransportName>.absent
    private(set) var sessionID = Parameter<SessionID>.absent
    private(set) var base64: String?
    private(set) var callback: String?
    /// Whether `EIO`, `sid` or `transport` is there twice: what it means would depend on who reads it.
    private(set) var isAmbiguous = false

    init(target: String) {
        let bytes = target.utf8Span.span
        var position = 0
        while position < bytes.count, bytes[position] != UInt8(ascii: "?") { position += 1 }
        while position < bytes.count, bytes[position] != UInt8(ascii: "#") {
            position = readPair(bytes, from: position + 1)
        }
    }

    /// Reads one pair; where it ends.
    private mutating func readPair(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        var equals: Int?
        var isEscaped = false
        scan: while end < bytes.count {
            switch bytes[end] {
            case UInt8(ascii: "&"), UInt8(ascii: "#"): break scan
            case UInt8(ascii: "="): equals = equals ?? end
            case UInt8(ascii: "%"), UInt8(ascii: "+"): isEscaped = true
            default: break
            }
            end += 1
        }
        let name = bytes.extracting(start..<(equals ?? end))
        let value = bytes.extracting((equals.map { $0 + 1 } ?? end)..<end)
        if isEscaped {
            let (name, value) = (QueryParameters.decode(name), QueryParameters.decode(value))
            note(name.utf8Span.span, value.utf8Span.span)
        } else {
            note(name, value)
        }
        return end
    }

    private mutating func note(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        switch name.count {
        case 3 where name.equals("EIO"):
            if !revision.set(Revision(queryValue: value)) { isAmbiguous = true }
        case 3 where name.equals("sid"):
            if !sessionID.set(SessionID(value)) { isAmbiguous = true }
        case 9 where name.equals("transport"):
            if !transport.set(TransportName(queryValue: value)) { isAmbiguous = true }
        case 3 where name.equals("b64"):
            base64 = String(bytes: value)
        case 1 where name.equals("j"):
            callback = String(bytes: value)
        default:
            break
        }
    }

    /// The form that this request asks for, for a transport of a session of `revision`.
    func form(_ revision: Revision) -> WireForm {
        WireForm(revision: revision, base64: base64, callback: callback)
    }
}

extension String {
    /// Bytes that are no UTF-8 become U+FFFD.
    fileprivate init(bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
