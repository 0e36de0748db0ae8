internal import Storage

/// Whose tokens the workspace takes besides the install's own.
extension WorkspaceFile {
    /// What becomes of the workspace's key set.
    enum KeySetSetting: Sendable {
        /// The file does not speak of it.
        case unchanged
        /// `jwks: null`
        case none
        case from(KeySetRow)
    }

    /// Reads the whole list: a key that is not in it is taken away.
    mutating func readKeys(_ list: YAMLValue?) {
        guard let list else { return }
        self.keys = Self.entries(list, named: \.id, Self.key)
    }

    private static func key(_ item: YAMLValue) -> VerificationKeyRow? {
        item.fields { fields in
            let id = fields.required("kid")?.text() ?? ""
            let algorithm = fields.required("algorithm").flatMap(Self.algorithm)
            // Both are asked for, so that the wrong one is not called unknown.
            let (secret, publicKey) = (fields.optional("secret"), fields.optional("publicKey"))
            if let algorithm {
                let isSecret = algorithm == .hs256
                if isSecret, secret == nil { item.fail("needs secret") }
                if !isSecret, publicKey == nil { item.fail("needs publicKey") }
                (isSecret ? publicKey : secret)?.fail("is not what a key for \(algorithm.rawValue) is made of")
            }
            let material = (algorithm == .hs256 ? secret : publicKey)?.block(atMost: 16_384) ?? ""
            return VerificationKeyRow(
                workspaceID: "", id: id, algorithm: algorithm?.rawValue ?? "", material: material,
                issuer: fields.optional("issuer")?.text(atMost: 1024),
                audience: fields.optional("audience")?.text(atMost: 1024))
        }
    }

    private static func algorithm(_ value: YAMLValue) -> TokenAlgorithm? {
        guard let text = value.text() else { return nil }
        guard let algorithm = TokenAlgorithm(rawValue: text) else {
            let known = TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            value.fail("\"\(text)\" is not one of \(known)")
            return nil
        }
        return algorithm
    }

    mutating func readKeySet(_ value: YAMLValue?) {
        guard let value else { return }
        guard !value.isNull else {
            self.keySet = .none
            return
        }
        let row = value.fields { fields in
            KeySetRow(
                workspaceID: "",
                url: fields.required("url")?.secureAddress(suchAs: "https://id.example/keys.json") ?? "",
                issuer: fields.optional("issuer")?.text(atMost: 1024),
                audience: fields.optional("audience")?.text(atMost: 1024))
        }
        if let row { self.keySet = .from(row) }
    }

    /// Whether the file holds something that nobody else should read.
    var placeOfSecret: FilePlace? {
        self.keys?.first { $0.value.algorithm == TokenAlgorithm.hs256.rawValue }?.place
            ?? self.webhooks?.lazy.flatMap(\.value.secrets).first { $0.value.isInFile }?.place
    }

    /// Finds keys that could verify nothing.
    func checkKeys() async throws(FileProblems) {
        var problems: [FileProblem] = []
        for entry in self.keys ?? [] {
            do throws(VerificationKey.Unusable) {
                _ = try await VerificationKey(entry.value)
            } catch {
                problems.append(entry.place.problem("\"\(entry.value.id)\" \(error)"))
            }
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
    }
}

extension VerificationKeyRow: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            SettingText("algorithm", self.algorithm, self.algorithm),
            // Never the key itself: one that changes reads the same and is told as changed.
            SettingText("key", self.material, nil),
            SettingText("issuer", self.issuer, self.issuer),
            SettingText("audience", self.audience, self.audience),
        ]
    }
}

extension KeySetRow: SettingsDescribing {
    var describedSettings: [SettingText] {
        [
            SettingText("url", self.url, self.url), SettingText("issuer", self.issuer, self.issuer),
            SettingText("audience", self.audience, self.audience),
        ]
    }
}
