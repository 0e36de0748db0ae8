import Assignment
import Configuration
import Foundation
import Testing

@testable import Gateway

/// Every key that the reader asks for, set by its variable: the field that it is for has the value, and no other one has
/// changed.
@Suite struct EveryKeyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var key: String
        var value: String
        /// What the key is to do to the defaults.
        var change: @Sendable (inout GatewayConfiguration) -> Void
        /// Variables without which the value is refused.
        var besides: [String: String]

        init(
            _ key: String, _ value: String, besides: [String: String] = [:],
            _ change: @escaping @Sendable (inout GatewayConfiguration) -> Void
        ) {
            (self.key, self.value, self.besides, self.change) = (key, value, besides, change)
        }

        var testDescription: String { self.key }
    }

    static let rows: [Row] = [
        Row("host", "::1") { $0.host = "::1" },
        Row("port", "4001") { $0.port = 4001 },
        Row("metricsPort", "4002") { $0.metricsPort = 4002 },
        Row("loops", "7") { $0.loops = 7 },
        Row("demo", "true") { $0.demo = true },
        Row("demoPublic", "true") { $0.demoPublic = true },
        Row("dataDir", "/data") { $0.storage.dataDirectory = "/data" },
        Row("databaseUrl", "postgresql://h/d") { $0.storage.databaseURL = Secret("postgresql://h/d") },
        Row("database.connections", "21") { $0.storage.connections = 21 },
        Row("http.origins", "https://a.example,https://b.example") {
            $0.http.origins = ["https://a.example", "https://b.example"]
        },
        Row("http.trustedProxies", "10.0.0.0/8") { $0.http.trustedProxies = ["10.0.0.0/8"] },
        Row("http.queryCredentials", "off") { $0.http.queryCredentials = false },
        Row("tls.certificate", "/c.pem", besides: ["PUENTE_TLS_KEY": "/k.pem"]) {
            $0.tls.certificate = "/c.pem"
            $0.tls.key = "/k.pem"
        },
        Row("tls.key", "/other.pem", besides: ["PUENTE_TLS_CERTIFICATE": "/c.pem"]) {
            $0.tls.certificate = "/c.pem"
            $0.tls.key = "/other.pem"
        },
        Row("limits.enabled", "no") { $0.limits.enabled = false },
        Row("limits.connections", "31") { $0.limits.connectionsPerAddress = 31 },
        Row("limits.handshakes", "32") { $0.limits.handshakesPerSecond = 32 },
        Row("limits.badCredentials", "33") { $0.limits.badCredentialsPerMinute = 33 },
        Row("limits.unknownSessions", "34") { $0.limits.unknownSessionsPerMinute = 34 },
        Row("limits.historyReads", "38") { $0.limits.historyReads = 38 },
        Row("limits.queueDelay", "35ms") { $0.limits.queueDelay = .milliseconds(35) },
        Row("limits.loopLag", "36ms") { $0.limits.loopLag = .milliseconds(36) },
        Row("limits.memory", "37") { $0.limits.memory = 37 },
        Row("jwt.secret", "thirty-two bytes at the very least") {
            $0.jwt.secret = Secret("thirty-two bytes at the very least")
        },
        Row("jwt.issuer", "https://id.example") { $0.jwt.issuer = "https://id.example" },
        Row("jwt.audience", "puente") { $0.jwt.audience = "puente" },
        Row("jwt.keySetAuthorities", #filePath) { $0.jwt.keySetAuthorities = #filePath },
        Row("engine.pingInterval", "41s") { $0.engine.pingInterval = .seconds(41) },
        Row("engine.pingTimeout", "42s") { $0.engine.pingTimeout = .seconds(42) },
        Row("engine.v3", "off") { $0.engine.v3 = false },
        Row("engine.perMessageDeflate", "on") { $0.engine.perMessageDeflate = true },
        Row("routing.autoAccept", "off") { $0.routing.autoAccept = false },
        Row("routing.offerTimeout", "43s") { $0.routing.offerTimeout = .seconds(43) },
        Row("routing.defaultCapacity", "44") { $0.routing.defaultCapacity = 44 },
        Row("routing.policy", "longest-idle") { $0.routing.policy = .longestIdle },
        Row("routing.stickyHold", "45s") { $0.routing.stickyHold = .seconds(45) },
        Row("routing.minGap", "46s") { $0.routing.minGap = .seconds(46) },
        Row("presence.grace", "47s") { $0.presence.grace = .seconds(47) },
        Row("presence.visitorLinger", "48s") { $0.presence.visitorLinger = .seconds(48) },
        Row("chat.reopenWindow", "49m") { $0.chat.reopenWindow = .seconds(49 * 60) },
        Row("chat.autoClose", "50m") { $0.chat.autoClose = .seconds(50 * 60) },
        Row("chat.botAutoClose", "51m") { $0.chat.botAutoClose = .seconds(51 * 60) },
        Row("chat.abandonAfter", "52m") { $0.chat.abandonAfter = .seconds(52 * 60) },
        Row("bot.answerTimeout", "53s") { $0.bot.answerTimeout = .seconds(53) },
        Row("drain.delay", "54s") { $0.drain.delay = .seconds(54) },
        Row("drain.timeout", "55s") { $0.drain.timeout = .seconds(55) },
        Row("webhooks.allowPrivate", "on") { $0.webhooks.allowPrivate = true },
        Row("webhooks.ports", "443,9443") { $0.webhooks.ports = [443, 9443] },
        Row("webhooks.authorities", #filePath) { $0.webhooks.authorities = #filePath },
        Row("webhooks.timeout", "56s") { $0.webhooks.timeout = .seconds(56) },
        Row("webhooks.attempts", "57") { $0.webhooks.attempts = 57 },
        Row("escalation.alertThreshold", "0.81") { $0.escalation.alertThreshold = 0.81 },
        Row("escalation.botConfidence", "0.32") { $0.escalation.botConfidence = 0.32 },
        Row("webhooks.firstRetry", "58s") { $0.webhooks.firstRetry = .seconds(58) },
        Row("webhooks.longestRetry", "59s") { $0.webhooks.longestRetry = .seconds(59) },
        Row("log.level", "error") { $0.log.level = .error },
        Row("log.format", "json") { $0.log.format = .json },
    ]

    /// `SecretFileTests` sets these.
    private static let files: Set<String> = ["databaseUrlFile", "jwt.secretFile"]

    @Test(arguments: rows) func setsItsFieldAndNoOther(row: Row) async throws {
        var environment = row.besides
        environment[ConfigurationLoader.variable(of: row.key)] = row.value
        let loaded = try await ConfigurationLoader(environment: environment).load()
        var expected = GatewayConfiguration()
        row.change(&expected)
        #expect(expected != GatewayConfiguration(), "a value that is the default shows nothing")
        #expect(loaded.configuration == expected)
        #expect(loaded.unknownVariables == [])
    }

    /// A key without a row fails here, as does a row without a key.
    @Test func everyKeyHasItsRow() async throws {
        var reader = SettingsReader(layers: ConfigReader(provider: InMemoryProvider(values: [:])))
        _ = try await GatewayConfiguration(reading: &reader)
        let keys = reader.knownKeys
        #expect(Set(keys).count == keys.count, "a key is read twice")
        #expect(Set(keys) == Set(Self.rows.map(\.key)).union(Self.files))
    }
}
