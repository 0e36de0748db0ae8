internal import EngineIO

/// The parameters of an engine request that the protocol reads.
struct EngineTarget {
    private(set) var revision: String?
    private(set) var transport: String?
    private(set) var sessionID: String?
    private(set) var base64: String?
    private(set) var callback: String?
    /// Whether `EIO`, `sid` or `transport` is there twice: what it means would depend on who reads it.
    private(set) var isAmbiguous = false

    init(target: String) {
        for (name, value) in QueryParameters(target: target) {
            switch name {
            case "EIO": set(\.revision, value)
            case "transport": set(\.transport, value)
            case "sid": set(\.sessionID, value)
            case "b64": base64 = value
            case "j": callback = value
            default: break
            }
        }
    }

    /// The form that this request asks for, for a transport of a session of `revision`.
    func form(_ revision: Revision) -> WireForm {
        WireForm(revision: revision, base64: base64, callback: callback)
    }

    private mutating func set(_ field: WritableKeyPath<EngineTarget, String?>, _ value: String) {
        if self[keyPath: field] != nil { isAmbiguous = true }
        self[keyPath: field] = value
    }
}
