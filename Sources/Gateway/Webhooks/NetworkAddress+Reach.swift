extension NetworkAddress {
    /// Whether the address is one of the public internet. Everything else is somebody's inside: loopback, private networks,
    /// link-local with the metadata services of clouds, carrier NAT, documentation, multicast, and ways of IPv6 to say an
    /// IPv4 address, which a translator on the way could turn into one of those.
    var isPublic: Bool {
        if self.isIPv4 { return !Self.innerIPv4.contains { $0.contains(self) } }
        return Self.globalUnicast.contains { $0.contains(self) } && !Self.innerIPv6.contains { $0.contains(self) }
    }

    private static let innerIPv4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap(AddressRange.init)

    /// The only part of IPv6 that is routed between strangers.
    private static let globalUnicast = ["2000::/3"].compactMap(AddressRange.init)

    /// Parts of it that are not: Teredo and other protocols' own, documentation, 6to4.
    private static let innerIPv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].compactMap(
        AddressRange.init)
}
