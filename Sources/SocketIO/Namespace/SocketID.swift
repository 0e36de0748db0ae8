/// The id of a socket in its namespace: 20 characters of base64url from 120 random bits.
///
/// Other than the Engine.IO session's id it is no secret. The length is part of the contract: other servers' adapters
/// tell private rooms by it. Clients of ``Dialect/revision4`` are never told theirs but compute it from the session's id,
/// so that there it is as secret as that.
package enum SocketID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    package static func generate(using generator: inout some RandomNumberGenerator) -> String {
        var bits = (generator.next() as UInt64, generator.next() as UInt64)
        return String(unsafeUninitializedCapacity: 20) { characters in
            for position in 0..<20 {
                if position == 10 { bits.0 = bits.1 }
                characters[position] = Self.alphabet[Int(bits.0 & 63)]
                bits.0 >>= 6
            }
            return 20
        }
    }

    /// What a client of ``Dialect/revision4`` takes for its id: the session's id, behind the name of any namespace but
    /// `/` and `#`.
    package static func derived(from sessionID: String, namespace: String) -> String {
        namespace == "/" ? sessionID : "\(namespace)#\(sessionID)"
    }

    package static func generate() -> String {
        var generator = SystemRandomNumberGenerator()
        return self.generate(using: &generator)
    }
}
