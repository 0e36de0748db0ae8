internal import Foundation

/// How webhooks are delivered, and where to they may go.
struct WebhookSettings: Sendable, Equatable {
    /// `webhooks.allowPrivate`: http, addresses of private networks and any port, for development.
    var allowPrivate = false
    /// `webhooks.ports`: where receivers may listen.
    var ports: Set<Int> = [443, 8443]
    /// `webhooks.authorities`: a PEM file of certificate authorities that receivers may be certified by, besides the
    /// system's.
    var authorities: String?
    /// `webhooks.timeout`: how long an attempt may take, all of it.
    var timeout: Duration = .seconds(10)
    /// `webhooks.attempts`: how often something is tried before it is given up; with the pauses as they are, for a day.
    var attempts = 16
    /// `webhooks.firstRetry`: the pause after the first failure; each further one is twice as long…
    var firstRetry: Duration = .seconds(5)
    /// `webhooks.longestRetry`: …up to this.
    var longestRetry: Duration = .seconds(6 * 3600)

    var rules: WebhookTarget.Rules { WebhookTarget.Rules(allowsPrivate: self.allowPrivate, ports: self.ports) }

    var backoff: WebhookBackoff {
        WebhookBackoff(
            first: self.firstRetry.inMilliseconds, longest: self.longestRetry.inMilliseconds, attempts: self.attempts)
    }

    /// How long a worker has a delivery for itself: an attempt, and a database that is slow to take down how it went.
    var lease: Duration { self.timeout + .seconds(30) }

    /// For how many milliseconds something is tried at most: every pause, and every attempt for as long as it may take.
    var span: Int64 {
        let pauses = (1..<max(self.attempts, 2)).compactMap { self.backoff.pause(afterFailures: $0, random: 1) }
        let attempts = Array(repeating: self.lease.inMilliseconds, count: self.attempts)
        return (pauses + attempts).reduce(0) { sum, next in
            let (sum, overflows) = sum.addingReportingOverflow(next)
            return overflows ? .max : sum
        }
    }
}

extension WebhookSettings {
    init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.allowPrivate = try await reader.flag("webhooks.allowPrivate") ?? self.allowPrivate
        if let texts = try await reader.texts("webhooks.ports") {
            var ports: Set<Int> = []
            for text in texts { ports.insert(try SettingsReader.integer(text, "webhooks.ports", in: 1...65_535)) }
            self.ports = ports
        }
        self.authorities = try await reader.text("webhooks.authorities")
        if let file = self.authorities, !FileManager.default.isReadableFile(atPath: file) {
            throw ConfigurationError(key: "webhooks.authorities", problem: "cannot read \(file)")
        }
        self.timeout = try await Self.positive("webhooks.timeout", &reader) ?? self.timeout
        self.attempts = try await reader.integer("webhooks.attempts", in: 1...100) ?? self.attempts
        self.firstRetry = try await Self.positive("webhooks.firstRetry", &reader) ?? self.firstRetry
        self.longestRetry = try await Self.positive("webhooks.longestRetry", &reader) ?? self.longestRetry
    }

    private static func positive(
        _ key: String, _ reader: inout SettingsReader
    ) async throws(ConfigurationError) -> Duration? {
        guard let value = try await reader.duration(key) else { return nil }
        guard value > .zero else { throw ConfigurationError(key: key, problem: "must be longer than zero") }
        return value
    }
}
