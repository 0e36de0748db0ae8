internal import ArgumentParser
internal import Foundation
internal import SocketIO

/// `gateway doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look over an install: database, schema, clock, files, certificate, limits, keys.",
        discussion: """
            Changes nothing, starts nothing, prints no secret. Ends with 0 if everything works, warnings included, and with 1 \
            if something does not.
            """
    )

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    @Option(help: "PEM file of the certificate chain, as for serve.")
    var tlsCert: String?

    @Option(help: "PEM file of its key.")
    var tlsKey: String?

    @OptionGroup var storage: StorageOptions

    func run() async throws {
        var flags: [String: String] = [:]
        flags["tls.certificate"] = self.tlsCert
        flags["tls.key"] = self.tlsKey
        let findings: [Finding]
        do {
            let (configuration, logger) = try await self.storage.load(flags: flags)
            findings =
                [.ok("settings", "read")] + (await Doctor(configuration: configuration, logger: logger).examine())
        } catch let error as ConfigurationError {
            findings = [.failed("settings", "\(error)")]
        }
        if self.json {
            let report: JSONValue = [
                "verdict": .string(findings.verdict.rawValue), "findings": .array(findings.map(\.json)),
            ]
            StandardOutput.line(report.description)
        } else {
            for finding in findings { StandardOutput.line(finding.line) }
        }
        if findings.verdict == .failed { throw ExitCode(1) }
    }
}
