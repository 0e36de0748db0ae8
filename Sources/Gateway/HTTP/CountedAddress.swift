/// Which address a request is counted by, where limits are in force.
struct CountedAddress: Sendable {
    private let trustedProxies: [AddressRange]
    private let isLimiting: Bool

    init(http: HTTPSettings, limits: LimitSettings) {
        self.trustedProxies = http.trustedProxies.compactMap(AddressRange.init)
        self.isLimiting = limits.enabled
    }

    /// - Returns: nil for whoever is not limited. Loopback is exempt until proxies are configured: then nobody but a
    ///   proxy comes from there.
    func of(peer: String, forwardedFor: @autoclosure () -> [String]) -> NetworkAddress? {
        guard self.isLimiting else { return nil }
        let address = ClientAddress.resolve(
            peer: peer, forwardedFor: self.trustedProxies.isEmpty ? [] : forwardedFor(), trusted: self.trustedProxies)
        guard let address, !(address.isLoopback && self.trustedProxies.isEmpty) else { return nil }
        return address
    }
}
