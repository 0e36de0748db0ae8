internal import NIOCore
internal import SocketIO

/// A key set (RFC 7517) as it came over the wire: the entries that can verify tokens here.
struct KeySetDocument: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var id: String
        var key: VerificationKey.Published
    }

    /// The largest document that is read, in bytes.
    static let maximumBytes = 65_536
    /// Keys of one set that are looked at; rotation needs two or three.
    static let maximumKeys = 32

    var entries: [Entry]

    /// - Returns: nil where it is no key set, or has no entry of use: such a document replaces nothing.
    init?(parsing text: String) {
        guard text.utf8.count <= Self.maximumBytes, let root = try? JSONReader.decode(ByteBuffer(string: text)),
            let keys = root.object?["keys"]?.array
        else { return nil }
        var entries: [Entry] = []
        for key in keys.prefix(Self.maximumKeys) {
            guard let object = key.object, let entry = Self.entry(object),
                !entries.contains(where: { $0.id == entry.id })
            else { continue }
            entries.append(entry)
        }
        guard !entries.isEmpty else { return nil }
        self.entries = entries
    }

    /// An entry that names itself, is for signatures, and is of an algorithm of ours. Entries for encryption and those
    /// of other algorithms belong in a set; one with its private half should be nowhere, and counts for nothing here.
    private static func entry(_ object: JSONObject) -> Entry? {
        guard let id = object["kid"]?.string, (1...128).contains(id.utf8.count), object["d"] == nil,
            object["k"] == nil, object["use"]?.string ?? "sig" == "sig",
            let key = Self.published(object), object["alg"]?.string ?? key.algorithm.rawValue == key.algorithm.rawValue
        else { return nil }
        return Entry(id: id, key: key)
    }

    private static func published(_ object: JSONObject) -> VerificationKey.Published? {
        switch (object["kty"]?.string, object["crv"]?.string) {
        case ("RSA", nil):
            guard let modulus = object["n"]?.string, let exponent = object["e"]?.string else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case ("EC", "P-256"):
            guard let x = object["x"]?.string, let y = object["y"]?.string else { return nil }
            return .p256(x: x, y: y)
        case ("OKP", "Ed25519"):
            guard let x = object["x"]?.string else { return nil }
            return .ed25519(x: x)
        default:
            return nil
        }
    }
}
