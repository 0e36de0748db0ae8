internal import EngineIO

/// The parameters of an engine request that the protocol reads.
struct EngineTarget {
    private(set) var revision: String?
    private(set) var transport: String?
    private(set) var sessionID: String?
    /// Whether `EIO`, `sid` or `transport` is there twice: what it means would depend on who reads it.
    private(set) var isAmbiguous = false

    init(target: String) {
        for (name, value) in QueryParameters(target: target) {
            switch name {
            case "EIO": set(\.revision, value)
            case "transport": set(\.transport, value)
            case "sid": set(\.sessionID, value)
            // `b64`, `j` and `t` mean nothing to revision 4; revision 3 will read the first two.
            default: break
            }
        }
    }

    private mutating func set(_ field: WritableKeyPath<EngineTarget, String?>, _ value: String) {
        if self[keyPath: field] != nil { isAmbiguous = true }
        self[keyPath: field] = value
    }
}
