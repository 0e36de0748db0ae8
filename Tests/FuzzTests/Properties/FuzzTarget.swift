/// A parser, and what must hold for it whatever the bytes: no trap, no endless loop, and the property that it checks.
///
/// One list for two drivers: the seeded generator of `swift test`, and libFuzzer (`make fuzz`).
struct FuzzTarget: Sendable {
    let name: String
    /// Valid inputs, and some that are nearly valid, to start from.
    let samples: [[UInt8]]
    /// Throws ``Broken`` where the input shows a fault.
    let check: @Sendable (_ input: [UInt8]) throws -> Void

    static let all = [
        packet, payload, payload3, frame, requestTarget, json, socketPacket, messagePack,
    ]

    struct Broken: Error {
        let property: String
    }

    static func require(_ condition: Bool, _ property: String) throws {
        guard condition else { throw Broken(property: property) }
    }
}
