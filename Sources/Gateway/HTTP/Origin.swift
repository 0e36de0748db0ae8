/// A web origin in the canonical form of RFC 6454: scheme, host and port, compared as a whole.
///
/// The text is parsed into this form and the form is compared; nothing of a request's header is ever compared by
/// prefix or suffix, nor written back before it was parsed.
struct Origin: Sendable, Hashable, CustomStringConvertible {
    let scheme: String
    let host: String
    let port: Int

    /// Reads `scheme://host[:port]`, nothing after it. Scheme and host are case-insensitive and kept in lower case.
    /// `null`, paths, user parts, trailing dots and anything but `http` and `https` are no origins here.
    init?(_ text: String) {
        guard text.utf8.count <= 300, let separator = text.firstRange(of: "://") else { return nil }
        self.scheme = text[..<separator.lowerBound].lowercased()
        let defaultPort: Int
        switch self.scheme {
        case "http": defaultPort = 80
        case "https": defaultPort = 443
        default: return nil
        }
        var host = text[separator.upperBound...]
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let digits = host[host.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let port = Int(digits), (1...65_535).contains(port)
            else { return nil }
            self.port = port
            host = host[..<colon]
        } else {
            self.port = defaultPort
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard NetworkAddress(host.dropFirst().dropLast()) != nil else { return nil }
        } else {
            guard Self.isHostName(host) else { return nil }
        }
        self.host = host.lowercased()
    }

    /// The serialised origin: ASCII only, so that it may stand in a response header.
    var description: String {
        let standard = self.scheme == "http" ? 80 : 443
        return self.port == standard ? "\(self.scheme)://\(self.host)" : "\(self.scheme)://\(self.host):\(self.port)"
    }

    private static func isHostName(_ host: Substring) -> Bool {
        guard !host.isEmpty, host.utf8.count <= 253, host.last != "." else { return false }
        return host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
