import Foundation
import Testing

@testable import Gateway

@Suite struct ConfigurationTests {
    /// Writes `yaml` to a file of its own and loads.
    private func load(
        flags: [String: String] = [:], environment: [String: String] = [:], yaml: String? = nil, mode: Int = 0o600
    ) async throws -> ConfigurationLoader.Loaded {
        guard let yaml else {
            return try await ConfigurationLoader(flags: flags, environment: environment).load()
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("puente-\(UUID().uuidString).yaml")
            .path
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(yaml.utf8), attributes: [.posixPermissions: mode]
            )
        )
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await ConfigurationLoader(flags: flags, environment: environment, file: path).load()
    }

    private func refusal(
        flags: [String: String] = [:], environment: [String: String] = [:], yaml: String? = nil, mode: Int = 0o600
    ) async -> String? {
        do {
            _ = try await self.load(flags: flags, environment: environment, yaml: yaml, mode: mode)
            return nil
        } catch {
            return (error as? ConfigurationError)?.key ?? "\(error)"
        }
    }

    @Test func nothingSetMeansTheDefaults() async throws {
        let loaded = try await self.load()
        #expect(loaded.configuration == GatewayConfiguration())
        #expect(loaded.unknownVariables.isEmpty)
        #expect(loaded.configuration.presence.grace == .seconds(30))
    }

    @Test func flagsWinOverEnvironmentOverFile() async throws {
        let yaml = "port: 1\nhost: file\nrouting:\n  defaultCapacity: 7\n  autoAccept: false\n"
        let environment = ["PUENTE_PORT": "2", "PUENTE_ROUTING_DEFAULT_CAPACITY": "8"]
        let all = try await self.load(flags: ["port": "3"], environment: environment, yaml: yaml).configuration
        #expect(all.port == 3)
        #expect(all.host == "file")
        #expect(all.routing.defaultCapacity == 8)
        #expect(!all.routing.autoAccept)
        let two = try await self.load(environment: environment, yaml: yaml).configuration
        #expect(two.port == 2)
        let one = try await self.load(yaml: yaml).configuration
        #expect(one.port == 1)
        #expect(one.routing.defaultCapacity == 7)
    }

    @Test func everyKindOfKeyFromEveryLayer() async throws {
        let yaml = """
            # A whole file.
            databaseUrl: postgresql://u:p@h/d
            http:
              origins: [https://a.example, "http://b.example:8080"]
              trustedProxies:
                - 10.0.0.0/8
                - 2001:db8::1
              queryCredentials: off
            presence: {grace: 1500ms}
            chat: {reopenWindow: 2h, autoClose: 20m, botAutoClose: 0, abandonAfter: 90}
            log: {level: debug, format: json}
            escalation: {alertThreshold: 0.85, botConfidence: 1}
            limits:
              enabled: no
            """
        let file = try await self.load(yaml: yaml).configuration
        #expect(file.storage.databaseURL == Secret("postgresql://u:p@h/d"))
        #expect(file.http.origins == ["https://a.example", "http://b.example:8080"])
        #expect(file.http.trustedProxies == ["10.0.0.0/8", "2001:db8::1"])
        #expect(!file.http.queryCredentials)
        #expect(file.presence.grace == .milliseconds(1500))
        #expect(file.chat.reopenWindow == .seconds(7200))
        #expect(file.chat.autoClose == .seconds(1200))
        #expect(file.chat.botAutoClose == .zero)
        #expect(file.chat.abandonAfter == .seconds(90))
        #expect(file.escalation == EscalationSettings(alertThreshold: 0.85, botConfidence: 1))
        #expect(file.log == LogSettings(level: .debug, format: .json))
        #expect(!file.limits.enabled)

        let environment = try await self.load(environment: [
            "PUENTE_DATABASE_URL": "postgresql://e/d", "PUENTE_HTTP_ORIGINS": "https://a.example, https://b.example",
            "PUENTE_BOT_ANSWER_TIMEOUT": "5", "PUENTE_JWT_SECRET": String(repeating: "s", count: 32),
            "PUENTE_LIMITS": "off", "PUENTE_METRICS_PORT": "9100", "PUENTE_ESCALATION_ALERT_THRESHOLD": "0",
            "PUENTE_DEMO": "true", "PUENTE_DATA_DIR": "/x",
        ]).configuration
        #expect(environment.storage.databaseURL == Secret("postgresql://e/d"))
        #expect(environment.storage.dataDirectory == "/x")
        #expect(environment.http.origins == ["https://a.example", "https://b.example"])
        #expect(environment.bot.answerTimeout == .seconds(5))
        #expect(environment.jwt.secret?.reveal().count == 32)
        #expect(!environment.limits.enabled)
        #expect(environment.metricsPort == 9100)
        #expect(environment.escalation == EscalationSettings(alertThreshold: 0, botConfidence: 0.5))
        #expect(environment.demo)
    }

    @Test(arguments: [
        "colour: blue", "routing:\n  autoaccept: true", "routing: {deep: {er: 1}}",
        "http: {orgins: [https://a.example]}",
        "presence:\n  grace: 1s\n  linger: 2s",
    ])
    func unknownKeysOfTheFileRefuse(_ yaml: String) async throws {
        let key = try #require(await self.refusal(yaml: yaml))
        #expect(["colour", "routing.autoaccept", "routing.deep.er", "http.orgins", "presence.linger"].contains(key))
    }

    @Test(arguments: [
        ("port: 70000", "port"), ("port: x", "port"), ("port: [1, 2]", "port"), ("port: -1", "port"),
        ("loops: 0", "loops"),
        ("presence: {grace: soon}", "presence.grace"), ("presence: {grace: -1}", "presence.grace"),
        ("presence: {grace: 1w}", "presence.grace"), ("bot: {answerTimeout: 0}", "bot.answerTimeout"),
        ("routing: {autoAccept: maybe}", "routing.autoAccept"),
        ("routing: {defaultCapacity: 1.5}", "routing.defaultCapacity"),
        ("escalation: {alertThreshold: 1.01}", "escalation.alertThreshold"),
        ("escalation: {alertThreshold: -0.1}", "escalation.alertThreshold"),
        ("escalation: {alertThreshold: .nan}", "escalation.alertThreshold"),
        ("escalation: {botConfidence: 50%}", "escalation.botConfidence"),
        ("log: {level: loud}", "log.level"), ("http: {origins: [a.example]}", "http.origins"),
        ("http: {origins: https://a.example}", "http.origins"),
        ("http: {trustedProxies: [10.0.0.0/33]}", "http.trustedProxies"),
        ("jwt: {secret: short}", "jwt.secret"), ("database: {connections: 1}", "database.connections"),
        ("- a\n- b", "config"), ("a: [", "config"), ("just text", "config"),
    ])
    func badValuesRefuseAndNameTheKey(_ yaml: String, _ key: String) async throws {
        #expect(await self.refusal(yaml: yaml) == key)
    }

    @Test func badValuesOfOtherLayersRefuseToo() async throws {
        #expect(await self.refusal(environment: ["PUENTE_PRESENCE_GRACE": "soon"]) == "presence.grace")
        #expect(await self.refusal(environment: ["PUENTE_LIMITS": "perhaps"]) == "limits.enabled")
        #expect(await self.refusal(flags: ["port": "http"]) == "port")
        #expect(await self.refusal(environment: ["PUENTE_CONFIG": "/nowhere/puente.yaml"]) == "config")
    }

    @Test func unknownVariablesWarn() async throws {
        let loaded = try await self.load(environment: [
            "PUENTE_PROT": "1", "PUENTE_HTTP_ORIGIN": "x", "PUENTE_PORT": "4", "PUENTE_LIMITS": "on",
            "PUENTE_CONFIG": "",
            "HOME": "/root", "PUENTE_SERVICE_HOST": "10.1.2.3", "PUENTE_PORT_3000_TCP": "tcp://10.1.2.3:3000",
        ])
        #expect(loaded.unknownVariables == ["PUENTE_HTTP_ORIGIN", "PUENTE_PROT"])
        #expect(loaded.configuration.port == 4)
    }

    @Test func whatKubernetesPutsIntoThePortIsIgnored() async throws {
        #expect(try await self.load(environment: ["PUENTE_PORT": "tcp://10.1.2.3:3000"]).configuration.port == 3000)
    }

    @Test func emptyVariablesAndFilesSetNothing() async throws {
        #expect(try await self.load(environment: ["PUENTE_HOST": ""]).configuration.host == "127.0.0.1")
        #expect(try await self.load(yaml: "# nothing\n").configuration == GatewayConfiguration())
    }

    @Test func aSecretInAFileThatOthersReadRefuses() async throws {
        let yaml = "jwt:\n  secret: \(String(repeating: "s", count: 40))\n"
        #expect(await self.refusal(yaml: yaml, mode: 0o600) == nil)
        #expect(await self.refusal(yaml: yaml, mode: 0o640) == "jwt.secret")
        #expect(await self.refusal(yaml: yaml, mode: 0o604) == "jwt.secret")
    }

    @Test func messagesNeverRepeatASecret() async throws {
        do {
            _ = try await self.load(environment: ["PUENTE_JWT_SECRET": "canary"])
            Issue.record("a short secret was accepted")
        } catch {
            #expect(!"\(error)".contains("canary"))
            #expect("\(error)".contains("jwt.secret"))
        }
    }

    @Test func theDemoStaysOnLoopback() async throws {
        #expect(await self.refusal(flags: ["demo": "true", "host": "0.0.0.0"]) == "demo")
        #expect(await self.refusal(flags: ["demo": "true", "host": "example.org"]) == "demo")
        for host in ["127.0.0.1", "localhost", "::1", "127.9.9.9"] {
            #expect(await self.refusal(flags: ["demo": "true", "host": host]) == nil)
        }
        #expect(await self.refusal(flags: ["demo": "true", "demoPublic": "true", "host": "0.0.0.0"]) == nil)
        #expect(await self.refusal(flags: ["host": "0.0.0.0"]) == nil)
    }

    @Test(arguments: [
        ("routing.autoAccept", "PUENTE_ROUTING_AUTO_ACCEPT"), ("databaseUrl", "PUENTE_DATABASE_URL"),
        ("jwt.secret", "PUENTE_JWT_SECRET"), ("presence.grace", "PUENTE_PRESENCE_GRACE"), ("port", "PUENTE_PORT"),
    ])
    func variablesAreNamedByTheRule(_ key: String, _ variable: String) {
        #expect(ConfigurationLoader.variable(of: key) == variable)
    }

    @Test(arguments: [
        ("0", Duration.zero), ("30", .seconds(30)), ("1.5", .milliseconds(1500)), ("250ms", .milliseconds(250)),
        ("2s", .seconds(2)), ("3 m", .seconds(180)), ("24h", .seconds(86_400)), ("7d", .seconds(604_800)),
        (" 5 ", .seconds(5)),
    ])
    func durations(_ text: String, _ duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", "s", "-1", "1e3", "1.", ".5", "1..2", "1,5", "5x", "5 s s", "0x10", "٣", "99999999999999999999d", "0.1ms",
        "nan",
    ])
    func noDurations(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
