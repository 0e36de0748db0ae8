/// The revision of the Engine.IO protocol that a session speaks.
///
/// Fixed by the handshake and never changed by a later request (CVE-2026-102599). A server answers
/// `Unsupported protocol version` to a revision that its ``EngineConfiguration`` does not enable.
package enum Revision: UInt8, Sendable, Equatable, CaseIterable {
    /// Socket.IO 1 and 2: the client pings, payloads count characters, binary has a type.
    case v3 = 3
    /// Socket.IO 3 and 4.
    case v4 = 4

    /// Reads the value of the query parameter `EIO`. Only the exact texts `3` and `4` name a revision.
    package init?(queryValue: Span<UInt8>) {
        guard queryValue.count == 1 else { return nil }
        switch queryValue[0] {
        case UInt8(ascii: "3"): self = .v3
        case UInt8(ascii: "4"): self = .v4
        default: return nil
        }
    }
}
