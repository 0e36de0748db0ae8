/// Whose connection it is, where proxies stand between.
enum ClientAddress {
    /// Addresses of a header that are looked at, from the right.
    private static let longestChain = 16

    /// The address that limits are counted by.
    ///
    /// `X-Forwarded-For` counts only where the peer is a trusted proxy, and from the right: what a client wrote itself
    /// stands to the left of what the proxies appended.
    static func resolve(peer: String, forwardedFor: [String], trusted: [AddressRange]) -> NetworkAddress? {
        guard var address = NetworkAddress(peer) else { return nil }
        guard !trusted.isEmpty else { return address }
        let chain = forwardedFor.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
        for entry in chain.reversed().prefix(Self.longestChain) {
            guard trusted.contains(where: { $0.contains(address) }) else { break }
            guard let previous = NetworkAddress(String(entry).trimmedSpaces) else { break }
            address = previous
        }
        return address
    }
}
