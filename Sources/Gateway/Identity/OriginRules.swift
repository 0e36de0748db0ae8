internal import Storage

/// Which web origins may talk to the gateway. A value, rebuilt whenever the widget keys change.
struct OriginRules: Sendable, Equatable {
    /// What the HTTP side does with a request.
    enum Verdict: Sendable, Equatable {
        /// No `Origin` header: not a browser's cross-origin request, passes without CORS headers.
        case notApplicable
        /// Passes; the value is what `Access-Control-Allow-Origin` says.
        case admitted(String)
        /// 403.
        case refused
    }

    /// One widget key's list.
    enum Admission: Sendable, Equatable {
        case everyOrigin
        case origins(Set<Origin>)

        /// - Parameter list: the stored list; entries that are no origins admit nothing.
        init(list: [String]?) {
            self = list.map { .origins(Set($0.compactMap(Origin.init))) } ?? .everyOrigin
        }

        func admits(_ origin: Origin) -> Bool {
            switch self {
            case .everyOrigin: true
            case .origins(let origins): origins.contains(origin)
            }
        }
    }

    /// Lists by the hash of the key.
    private let keys: [String: Admission]
    /// Without `?key=`: everything, or the union of all lists and the configured origins.
    private let anyKey: Admission

    init(configured: [String], keys: [String: Admission]) {
        self.keys = keys
        var union = Set(configured.compactMap(Origin.init))
        var everything = false
        for admission in keys.values {
            switch admission {
            case .everyOrigin: everything = true
            case .origins(let origins): union.formUnion(origins)
            }
        }
        self.anyKey = everything ? .everyOrigin : .origins(union)
    }

    /// Judges a request before it reaches any session.
    ///
    /// - Parameters:
    ///   - origin: the `Origin` header.
    ///   - keyHash: the hash of `?key=`, where the request has one. A key that nobody knows (yet) decides nothing.
    ///   - host: the `Host` header, for our own origin.
    func verdict(origin: String?, keyHash: String?, host: String?) -> Verdict {
        guard let origin else { return .notApplicable }
        guard let parsed = Origin(origin) else {
            // `null`, extensions and whatever comes: admitted only where everything is, and then as it came if it is
            // short ASCII without controls.
            let rule = keyHash.flatMap { self.keys[$0] } ?? self.anyKey
            guard rule == .everyOrigin, Self.isReflectable(origin) else { return .refused }
            return .admitted(origin)
        }
        if let keyHash, let admission = self.keys[keyHash] {
            return admission.admits(parsed) ? .admitted(origin) : .refused
        }
        if self.anyKey.admits(parsed) || parsed.isOwn(host: host) { return .admitted(origin) }
        return .refused
    }

    private static func isReflectable(_ text: String) -> Bool {
        text.utf8.count <= 300 && !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}

extension Origin {
    /// Whether this is the origin that `host`, a `Host` header, names. The scheme is not compared: a proxy in front
    /// of us may have ended TLS.
    func isOwn(host: String?) -> Bool {
        guard let host, let own = Origin("\(self.scheme)://\(host)") else { return false }
        return own == self
    }
}

extension WidgetKeyRow {
    /// Which origins this key admits.
    var admission: OriginRules.Admission { OriginRules.Admission(list: self.origins) }
}
