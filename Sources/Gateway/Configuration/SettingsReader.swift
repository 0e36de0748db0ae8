internal import Configuration

/// Reads settings by key over the layers (flag, environment, file) and remembers every key that it was asked for,
/// so that the list of known keys cannot drift from the code that uses them.
struct SettingsReader {
    private let layers: ConfigReader
    private(set) var knownKeys: [String] = []

    init(layers: ConfigReader) {
        self.layers = layers
    }

    /// A text; empty counts as not set, as an empty variable in a compose file means.
    mutating func text(_ key: String, isSecret: Bool = false) async throws(ConfigurationError) -> String? {
        self.knownKeys.append(key)
        let value: String?
        do {
            value = try await self.layers.fetchString(forKey: ConfigKey(key), isSecret: isSecret)
        } catch {
            throw ConfigurationError(key: key, problem: "must be a single value")
        }
        guard let value, !value.isEmpty else { return nil }
        return value
    }

    /// A secret as it stands, or the first line of the file that `KEYFile` names: what is in the environment can be read in
    /// `/proc`, and every child process gets it.
    mutating func secret(_ key: String) async throws(ConfigurationError) -> Secret? {
        let value = try await self.text(key, isSecret: true).map { Secret($0) }
        let fileKey = "\(key)File"
        guard let path = try await self.text(fileKey) else { return value }
        guard value == nil else {
            throw ConfigurationError(key: fileKey, problem: "is set beside \(key): one of the two")
        }
        do throws(PrivateFile.Failure) {
            return try PrivateFile.secret(at: path)
        } catch {
            throw ConfigurationError(key: fileKey, problem: error.description)
        }
    }

    mutating func texts(_ key: String) async throws(ConfigurationError) -> [String]? {
        self.knownKeys.append(key)
        do {
            let values = try await self.layers.fetchStringArray(forKey: ConfigKey(key))
            return values?.map { String($0.trimmedSpaces) }.filter { !$0.isEmpty }
        } catch {
            throw ConfigurationError(key: key, problem: "must be a list of texts")
        }
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) async throws(ConfigurationError) -> Int? {
        guard let text = try await self.text(key) else { return nil }
        return try Self.integer(text, key, in: range)
    }

    static func integer(_ text: String, _ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let value = Int(text.trimmedSpaces), range.contains(value) else {
            throw ConfigurationError(
                key: key,
                problem: "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// A number from 0 to 1.
    mutating func share(_ key: String) async throws(ConfigurationError) -> Double? {
        guard let text = try await self.text(key) else { return nil }
        guard let value = Double(text.trimmedSpaces), (0...1).contains(value) else {
            throw ConfigurationError(key: key, problem: "\"\(text)\" is not a number from 0 to 1")
        }
        return value
    }

    mutating func flag(_ key: String) async throws(ConfigurationError) -> Bool? {
        guard let text = try await self.text(key) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw ConfigurationError(key: key, problem: "\"\(text)\" is neither true nor false")
        }
    }

    mutating func duration(_ key: String) async throws(ConfigurationError) -> Duration? {
        guard let text = try await self.text(key) else { return nil }
        guard let value = DurationText.parse(text) else {
            throw ConfigurationError(
                key: key,
                problem: "\"\(text)\" is no duration: a number of seconds, or a number with ms, s, m, h or d"
            )
        }
        return value
    }

    mutating func choice<Value>(_ key: String) async throws(ConfigurationError) -> Value?
    where Value: RawRepresentable<String> & CaseIterable {
        guard let text = try await self.text(key) else { return nil }
        guard let value = Value(rawValue: text.lowercased()) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(key: key, problem: "\"\(text)\" is not one of \(known)")
        }
        return value
    }
}
