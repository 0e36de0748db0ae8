internal import Assignment
internal import Foundation

extension GatewayConfiguration {
    /// The configuration that `reader`'s layers describe: what they don't set keeps its default.
    init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        try await self.readListener(&reader)
        self.storage = try await StorageSettings(reading: &reader)
        self.http = try await HTTPSettings(reading: &reader)
        self.tls = try await TLSSettings(reading: &reader)
        self.limits = try await LimitSettings(reading: &reader)
        self.jwt = try await JWTSettings(reading: &reader)
        try await self.readDomain(&reader)
        self.webhooks = try await WebhookSettings(reading: &reader)
        self.log.level = try await reader.choice("log.level") ?? self.log.level
        self.log.format = try await reader.choice("log.format") ?? self.log.format
    }

    private mutating func readListener(_ reader: inout SettingsReader) async throws(ConfigurationError) {
        self.host = try await reader.text("host") ?? self.host
        // Kubernetes sets PUENTE_PORT=tcp://… for a service that is called puente.
        if let port = try await reader.text("port"), !port.hasPrefix("tcp://") {
            self.port = try SettingsReader.integer(port, "port", in: 0...65_535)
        }
        self.metricsPort = try await reader.integer("metricsPort", in: 0...65_535)
        self.loops = try await reader.integer("loops", in: 1...1024)
        self.demo = try await reader.flag("demo") ?? self.demo
        self.demoPublic = try await reader.flag("demoPublic") ?? self.demoPublic
        if self.demo, !self.demoPublic, !Loopback.contains(host: self.host) {
            throw ConfigurationError(
                key: "demo", problem: "is refused on \(self.host), which is not loopback, without demoPublic"
            )
        }
    }

    private mutating func readDomain(_ reader: inout SettingsReader) async throws(ConfigurationError) {
        self.engine.pingInterval = try await reader.positive("engine.pingInterval") ?? self.engine.pingInterval
        self.engine.pingTimeout = try await reader.positive("engine.pingTimeout") ?? self.engine.pingTimeout
        self.engine.v3 = try await reader.flag("engine.v3") ?? self.engine.v3
        self.engine.perMessageDeflate =
            try await reader.flag("engine.perMessageDeflate") ?? self.engine.perMessageDeflate
        self.routing.autoAccept = try await reader.flag("routing.autoAccept") ?? self.routing.autoAccept
        self.routing.offerTimeout = try await reader.positive("routing.offerTimeout") ?? self.routing.offerTimeout
        self.routing.defaultCapacity =
            try await reader.integer("routing.defaultCapacity", in: 0...1000) ?? self.routing.defaultCapacity
        self.routing.policy = try await reader.choice("routing.policy") ?? self.routing.policy
        self.routing.stickyHold = try await reader.duration("routing.stickyHold") ?? self.routing.stickyHold
        self.routing.minGap = try await reader.duration("routing.minGap") ?? self.routing.minGap
        self.presence.grace = try await reader.duration("presence.grace") ?? self.presence.grace
        self.presence.visitorLinger = try await reader.duration("presence.visitorLinger") ?? self.presence.visitorLinger
        self.chat.reopenWindow = try await reader.duration("chat.reopenWindow") ?? self.chat.reopenWindow
        self.chat.autoClose = try await reader.duration("chat.autoClose") ?? self.chat.autoClose
        self.chat.botAutoClose = try await reader.duration("chat.botAutoClose") ?? self.chat.botAutoClose
        self.chat.abandonAfter = try await reader.duration("chat.abandonAfter") ?? self.chat.abandonAfter
        self.bot.answerTimeout = try await reader.positive("bot.answerTimeout") ?? self.bot.answerTimeout
        self.escalation.alertThreshold =
            try await reader.share("escalation.alertThreshold") ?? self.escalation.alertThreshold
        self.escalation.botConfidence =
            try await reader.share("escalation.botConfidence") ?? self.escalation.botConfidence
        self.drain.delay = try await reader.duration("drain.delay") ?? self.drain.delay
        self.drain.timeout = try await reader.duration("drain.timeout") ?? self.drain.timeout
    }
}

extension StorageSettings {
    /// What every command needs, `serve` or not.
    init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.dataDirectory = try await reader.text("dataDir")
        self.databaseURL = try await reader.secret("databaseUrl")
        self.connections = try await reader.integer("database.connections", in: 2...128) ?? self.connections
    }
}

extension HTTPSettings {
    fileprivate init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.origins = try await reader.texts("http.origins") ?? self.origins
        for origin in self.origins where Origin(origin) == nil {
            throw ConfigurationError(
                key: "http.origins", problem: "\"\(origin)\" is no origin such as https://a.example")
        }
        self.trustedProxies = try await reader.texts("http.trustedProxies") ?? self.trustedProxies
        for network in self.trustedProxies where AddressRange(network) == nil {
            throw ConfigurationError(
                key: "http.trustedProxies",
                problem: "\"\(network)\" is neither an address nor a network such as 10.0.0.0/8"
            )
        }
        self.queryCredentials = try await reader.flag("http.queryCredentials") ?? self.queryCredentials
    }
}

extension TLSSettings {
    fileprivate init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.certificate = try await reader.text("tls.certificate")
        self.key = try await reader.text("tls.key")
        guard (self.certificate == nil) == (self.key == nil) else {
            let missing = self.key == nil ? "tls.key" : "tls.certificate"
            throw ConfigurationError(key: missing, problem: "is missing: certificate and key go together")
        }
    }
}

extension LimitSettings {
    fileprivate init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.enabled = try await reader.flag("limits.enabled") ?? self.enabled
        self.connectionsPerAddress =
            try await reader.integer("limits.connections", in: 1...1_000_000) ?? self.connectionsPerAddress
        self.handshakesPerSecond =
            try await reader.integer("limits.handshakes", in: 1...1_000_000) ?? self.handshakesPerSecond
        self.badCredentialsPerMinute =
            try await reader.integer("limits.badCredentials", in: 1...1_000_000) ?? self.badCredentialsPerMinute
        self.unknownSessionsPerMinute =
            try await reader.integer("limits.unknownSessions", in: 1...1_000_000) ?? self.unknownSessionsPerMinute
        self.historyReads = try await reader.integer("limits.historyReads", in: 1...128) ?? self.historyReads
        self.queueDelay = try await reader.positive("limits.queueDelay") ?? self.queueDelay
        self.loopLag = try await reader.positive("limits.loopLag") ?? self.loopLag
        self.memory = try await reader.integer("limits.memory", in: 0...(1 << 24))
    }
}

extension JWTSettings {
    /// What every command that signs or verifies needs.
    init(reading reader: inout SettingsReader) async throws(ConfigurationError) {
        self.init()
        self.secret = try await reader.secret("jwt.secret")
        // RFC 7518 section 3.2: an HS256 key is at least as long as the hash.
        if let secret, secret.reveal().utf8.count < 32 {
            throw ConfigurationError(key: "jwt.secret", problem: "must be at least 32 bytes")
        }
        self.issuer = try await reader.text("jwt.issuer")
        self.audience = try await reader.text("jwt.audience")
        self.keySetAuthorities = try await reader.text("jwt.keySetAuthorities")
        if let file = self.keySetAuthorities, !FileManager.default.isReadableFile(atPath: file) {
            throw ConfigurationError(key: "jwt.keySetAuthorities", problem: "cannot read \(file)")
        }
    }
}

extension SettingsReader {
    /// A duration for which zero makes no sense.
    fileprivate mutating func positive(_ key: String) async throws(ConfigurationError) -> Duration? {
        guard let value = try await self.duration(key) else { return nil }
        guard value > .zero else { throw ConfigurationError(key: key, problem: "must be longer than zero") }
        return value
    }
}
