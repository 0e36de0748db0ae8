/// A setting that keeps the gateway from starting. The message names the key and never repeats a secret.
struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The key in dotted form, as in the YAML file.
    var key: String
    var problem: String

    var description: String { "\(self.key): \(self.problem)" }
}
