/// Where a webhook goes: its address, read once, strictly; what is connected to is put together from the parts that were
/// judged, so that no other reader of the text can see another host in it.
struct WebhookTarget: Sendable, Hashable {
    /// What a target may be.
    struct Rules: Sendable, Equatable {
        /// For development: http, private addresses, any port.
        var allowsPrivate = false
        var ports: Set<Int> = [443, 8443]
    }

    struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        var description: String

        init(_ description: String) { self.description = description }
    }

    var scheme: String
    /// A name in lower case, or an address without brackets.
    var host: String
    var port: Int
    /// With the query, from the first slash on.
    var path: String

    /// The address that the host is, where it is one.
    var literal: NetworkAddress? { NetworkAddress(self.host) }

    /// The text that everybody else gets.
    var url: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return "\(self.scheme)://\(host):\(self.port)\(self.path)"
    }

    init(_ text: String, rules: Rules) throws(Refusal) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !text.contains("\\"), !text.contains("#") else {
            throw Refusal("holds a character that no web address has")
        }
        var rest = Substring(text)
        if rest.hasPrefix("https://") {
            self.scheme = "https"
        } else if rest.hasPrefix("http://") {
            guard rules.allowsPrivate else { throw Refusal("is not https") }
            self.scheme = "http"
        } else {
            throw Refusal("is no address such as https://shop.example/puente")
        }
        rest = rest.dropFirst(self.scheme.utf8.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest.dropFirst(authority.count)
        guard !authority.contains("@") else { throw Refusal("holds a user or a password") }
        let (host, port) = try Self.split(authority)
        self.host = host
        self.port = port ?? (self.scheme == "https" ? 443 : 80)
        guard rules.allowsPrivate || rules.ports.contains(self.port) else {
            throw Refusal(
                "port \(self.port) is none of \(rules.ports.sorted().map(String.init).joined(separator: ", "))")
        }
        self.path = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
        if let literal, !literal.isPublic, !rules.allowsPrivate { throw Refusal("is an address of a private network") }
    }

    /// Host and port. Names are letters, digits, dots and hyphens; what looks like a number is not a name.
    private static func split(_ authority: Substring) throws(Refusal) -> (host: String, port: Int?) {
        var (host, tail) = (authority, Substring())
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw Refusal("holds half an address") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            tail = authority[authority.index(after: end)...]
            guard host.contains(":"), NetworkAddress(host) != nil else {
                throw Refusal("holds no address in its brackets")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            tail = authority.dropFirst(host.count)
            try Self.checkName(host)
        }
        guard !tail.isEmpty else { return (host.lowercased(), nil) }
        let digits = tail.dropFirst()
        guard tail.first == ":", (1...5).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw Refusal("holds no port such as 443") }
        return (host.lowercased(), port)
    }

    private static func checkName(_ host: Substring) throws(Refusal) {
        guard NetworkAddress(host) == nil else { return }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            (1...253).contains(host.utf8.count)
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy {
                        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
                    }
            }
        // URL of Foundation, by which the client reads, turns these into another text: what it connects to would not be judged.
        guard !labels.contains(where: { $0.lowercased().hasPrefix("xn--") }) else {
            throw Refusal("holds an international name, which cannot be used here")
        }
        // 2130706433, 0x7f.1 and 0177.0.0.1 are addresses to some resolvers: a name ends in something with a letter first.
        guard isName, let first = labels.last?.utf8.first, !(48...57).contains(first) else {
            throw Refusal("holds no name of a host")
        }
    }
}
