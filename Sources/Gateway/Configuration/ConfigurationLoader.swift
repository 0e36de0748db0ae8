internal import Configuration
internal import Foundation
internal import Storage
internal import Yams

#if DEBUG
    internal import Storage
#endif

/// Puts the layers together: flags of the command line, `PUENTE_` variables, the YAML file, defaults.
struct ConfigurationLoader {
    /// The flags that were given, by key.
    var flags: [String: String] = [:]
    var environment: [String: String] = ProcessInfo.processInfo.environment
    /// `--config`; else `PUENTE_CONFIG`; else there is no file.
    var file: String?

    /// What was read, and what the operator should hear about it.
    struct Loaded: Sendable {
        var configuration: GatewayConfiguration
        /// `PUENTE_` variables that mean nothing.
        var unknownVariables: [String]
    }

    private static let prefix = "PUENTE_"

    func load() async throws(ConfigurationError) -> Loaded {
        let file = self.file ?? self.environment["PUENTE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: self.flags.map {
                        (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(.string($0.value), isSecret: true))
                    }
                )
            ),
            EnvironmentVariablesProvider(environmentVariables: self.environmentWithAliases)
                .prefixKeys(with: "puente"),
        ]
        var fileKeys: [String] = []
        if let file {
            let text = try Self.contents(of: file)
            fileKeys = try Self.keys(of: text, path: file)
            // A file of nothing but comments is a valid one that sets nothing.
            if !fileKeys.isEmpty { providers.append(try await Self.provider(at: file)) }
        }
        var reader = SettingsReader(layers: ConfigReader(providers: providers))
        let configuration = try await GatewayConfiguration(reading: &reader)
        let known = Set(reader.knownKeys)
        if let unknown = fileKeys.first(where: { !known.contains($0) }) {
            throw ConfigurationError(key: unknown, problem: "is not a setting (in \(file ?? ""))")
        }
        if let file, let key = Self.secret(among: fileKeys, of: configuration), FileMode.isOpenToOthers(file) {
            throw ConfigurationError(key: key, problem: "\(file) is readable by others: chmod 600")
        }
        return Loaded(configuration: configuration, unknownVariables: self.unknownVariables(known: known))
    }

    /// The key in the file that nobody else may read, if there is one.
    private static func secret(among keys: [String], of configuration: GatewayConfiguration) -> String? {
        if keys.contains("jwt.secret") { return "jwt.secret" }
        guard keys.contains("databaseUrl"), let text = configuration.storage.databaseURL?.reveal() else { return nil }
        return (try? DatabaseURL(parsing: text))?.hasPassword == true ? "databaseUrl" : nil
    }

    /// `PUENTE_LIMITS` is a fixed name; the rule alone would call it `PUENTE_LIMITS_ENABLED`.
    private var environmentWithAliases: [String: String] {
        var environment = self.environment
        if let limits = environment["PUENTE_LIMITS"] { environment["PUENTE_LIMITS_ENABLED"] = limits }
        return environment
    }

    private func unknownVariables(known: Set<String>) -> [String] {
        var names = Set(known.map { Self.variable(of: $0) })
        names.formUnion(["PUENTE_LIMITS", "PUENTE_CONFIG"])
        #if DEBUG
            names.insert(Mutation.variable)
        #endif
        return self.environment.keys
            .filter { $0.hasPrefix(Self.prefix) && !names.contains($0) && !Self.isServiceLink($0) }
            .sorted()
    }

    /// The variable of a key: capitals, dots and camel case split by underscores.
    static func variable(of key: String) -> String {
        var name = Self.prefix
        var previousWasLower = false
        for character in key {
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase, previousWasLower { name += "_" }
                name += character.uppercased()
            }
            previousWasLower = character.isLowercase
        }
        return name
    }

    /// What Kubernetes sets for a service called `puente`: addresses, no settings of ours.
    private static func isServiceLink(_ name: String) -> Bool {
        name.hasPrefix("PUENTE_SERVICE_") || name.hasPrefix("PUENTE_PORT_")
    }

    // MARK: The file

    private static func contents(of path: String) throws(ConfigurationError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(key: "config", problem: "cannot read \(path)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(key: "config", problem: "\(path) is not UTF-8")
        }
        return text
    }

    private static func provider(at path: String) async throws(ConfigurationError) -> any ConfigProvider {
        do {
            let location = ConfigReader(
                provider: InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)]))
            return try await FileProvider<YAMLSnapshot>(config: location)
        } catch {
            throw ConfigurationError(key: "config", problem: "\(path) is not YAML of settings: \(error)")
        }
    }

    /// Every key of the file in dotted form.
    private static func keys(of text: String, path: String) throws(ConfigurationError) -> [String] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(key: "config", problem: "\(path) is not YAML: \(error)")
        }
        guard let root else { return [] }
        guard case .mapping(let mapping) = root else {
            throw ConfigurationError(key: "config", problem: "\(path) must be a mapping of settings")
        }
        var keys: [String] = []
        var open: [(prefix: String, mapping: Node.Mapping)] = [("", mapping)]
        while let (prefix, mapping) = open.popLast() {
            for (key, value) in mapping {
                guard let name = key.string else {
                    throw ConfigurationError(key: prefix + "?", problem: "is not a setting (in \(path))")
                }
                if case .mapping(let inner) = value {
                    open.append((prefix + name + ".", inner))
                } else {
                    keys.append(prefix + name)
                }
            }
        }
        return keys
    }
}
