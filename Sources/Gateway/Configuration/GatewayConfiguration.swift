internal import Assignment

/// Every setting of the gateway, with its default. Reading them from flags, environment and file is
/// `GatewayConfiguration+Reading.swift`; the doc comment of a field starts with its key.
struct GatewayConfiguration: Sendable, Equatable {
    /// `host`: the address to listen on.
    var host = "127.0.0.1"
    /// `port`: 0 lets the system choose; the `ready` line tells which.
    var port = 3000
    /// `metricsPort`: a listener of its own for `/metrics`, on the same host.
    var metricsPort: Int?
    /// `loops`: event loops; without it, the cores that this process may use.
    var loops: Int?
    /// `demo`: seeds the demonstration workspace and serves its pages.
    var demo = false
    /// `demoPublic`: allows `demo` on a host that is not loopback.
    var demoPublic = false

    var storage = StorageSettings()
    var http = HTTPSettings()
    var tls = TLSSettings()
    var limits = LimitSettings()
    var jwt = JWTSettings()
    var engine = EngineSettings()
    var routing = RoutingSettings()
    var presence = PresenceSettings()
    var chat = ChatSettings()
    var bot = BotSettings()
    var escalation = EscalationSettings()
    var drain = DrainSettings()
    var webhooks = WebhookSettings()
    var log = LogSettings()
}

/// Where the rows live. A database URL, wherever it was set, wins over the data directory.
struct StorageSettings: Sendable, Equatable {
    /// Where the private server is unless `dataDir` says otherwise.
    static let defaultDataDirectory = ".puente"

    /// `dataDir`: the private server's data, the signing key and the node id; `nil` where nobody named one.
    var dataDirectory: String?
    /// `databaseUrl`: a PostgreSQL 15 or newer of the operator's; without it a private one is started.
    var databaseURL: Secret?
    /// `database.connections`: size of the pool, each connection with a thread of its own.
    var connections = 8
}

/// What the HTTP side admits and believes.
struct HTTPSettings: Sendable, Equatable {
    /// `http.origins`: origins admitted besides those of the widget keys.
    var origins: [String] = []
    /// `http.trustedProxies`: addresses or networks in CIDR form whose `X-Forwarded-For` is believed.
    var trustedProxies: [String] = []
    /// `http.queryCredentials`: whether `?token=` and `?key=` are accepted as credentials.
    var queryCredentials = true
}

/// TLS at the gateway itself. Without it, a proxy in front is expected to end TLS.
struct TLSSettings: Sendable, Equatable {
    /// `tls.certificate`: PEM file of the certificate, followed by the intermediate ones; read again at SIGHUP.
    var certificate: String?
    /// `tls.key`: PEM file of its key, unencrypted.
    var key: String?
}

/// Protection against a single noisy address. Bounds on memory are not limits in this sense and stay.
struct LimitSettings: Sendable, Equatable {
    /// `limits.enabled`, or `PUENTE_LIMITS=off`: rate and per-address limits.
    var enabled = true
    /// `limits.connections`: open connections per address (IPv6: per /64).
    var connectionsPerAddress = 500
    /// `limits.handshakes`: handshakes per second and address.
    var handshakesPerSecond = 50
    /// `limits.badCredentials`: credentials that were made up, per minute and address.
    var badCredentialsPerMinute = 30
    /// `limits.unknownSessions`: requests for Engine.IO sessions that are not known, per minute and address.
    var unknownSessionsPerMinute = 600
    /// `limits.historyReads`: people of one workspace who read old messages at a time; the others wait in line.
    var historyReads = 4
    /// `limits.queueDelay`: how long the first in line before the pool may wait, before the node takes on less.
    var queueDelay: Duration = .milliseconds(100)
    /// `limits.loopLag`: how late an event loop may be.
    var loopLag: Duration = .milliseconds(200)
    /// `limits.memory`: MiB that the process may have; 0 is no limit, and without it the limit of its cgroup holds.
    var memory: Int?
}

/// How tokens are signed and what they must say.
struct JWTSettings: Sendable, Equatable {
    /// `jwt.secret`: replaces the install's own key; at least 32 bytes.
    var secret: Secret?
    /// `jwt.issuer`: when set, tokens must carry it as `iss`.
    var issuer: String?
    /// `jwt.audience`: when set, tokens must carry it in `aud`.
    var audience: String?
    /// `jwt.keySetAuthorities`: a PEM file of certificate authorities that key sets may be fetched under, besides the
    /// system's.
    var keySetAuthorities: String?
}

/// Engine.IO: the heartbeat, and who may speak it.
struct EngineSettings: Sendable, Equatable {
    /// `engine.pingInterval`
    var pingInterval: Duration = .seconds(25)
    /// `engine.pingTimeout`
    var pingTimeout: Duration = .seconds(20)
    /// `engine.v3`: whether clients of Socket.IO 2 (Engine.IO 3) are admitted.
    var v3 = true
    /// `engine.perMessageDeflate`: compress WebSocket messages of 1 KiB and more for clients that offer it.
    var perMessageDeflate = false
}

/// Defaults of the router; a queue may override them.
struct RoutingSettings: Sendable, Equatable {
    /// `routing.autoAccept`: an offer becomes an assignment at once.
    var autoAccept = true
    /// `routing.offerTimeout`: how long an offer waits for its commercial.
    var offerTimeout: Duration = .seconds(30)
    /// `routing.defaultCapacity`: chats of weight 1 that a commercial may hold.
    var defaultCapacity = 5
    /// `routing.policy`: how a queue picks among those who could take a chat.
    var policy = RoutingPolicy.central
    /// `routing.stickyHold`: how long a chat is kept for the one who had its visitor before, while they are there.
    var stickyHold: Duration = .zero
    /// `routing.minGap`: the least time between two chats that the router gives somebody.
    var minGap: Duration = .zero
}

/// When somebody counts as gone.
struct PresenceSettings: Sendable, Equatable {
    /// `presence.grace`: after the last connection of a commercial or bot ended, until its chats move on.
    var grace: Duration = .seconds(30)
    /// `presence.visitorLinger`: after the last connection of a visitor ended, until it is offline.
    var visitorLinger: Duration = .seconds(15)
}

/// The life of a chat.
struct ChatSettings: Sendable, Equatable {
    /// `chat.reopenWindow`: a visitor's message to a chat closed for less than this reopens it.
    var reopenWindow: Duration = .seconds(24 * 3600)
    /// `chat.autoClose`: a chat that a person has, and in which the visitor waits for nothing, ends after so long a
    /// silence; 0 is never. A queue may say otherwise.
    var autoClose: Duration = .zero
    /// `chat.botAutoClose`: the same for a bot's chat.
    var botAutoClose: Duration = .seconds(48 * 3600)
    /// `chat.abandonAfter`: a chat in the line ends when its visitor has been gone for so long; 0 is never. A queue may say
    /// otherwise.
    var abandonAfter: Duration = .zero
}

/// What is expected of bots.
struct BotSettings: Sendable, Equatable {
    /// `bot.answerTimeout`: a visitor never waits longer for the owning bot.
    var answerTimeout: Duration = .seconds(20)
}

/// When words call for somebody (docs/sentiment.md).
struct EscalationSettings: Sendable, Equatable {
    /// `escalation.alertThreshold`: frustration, from 0 to 1, from which a chat is marked and supervisors are told.
    var alertThreshold = EscalationThresholds.standard.alert
    /// `escalation.botConfidence`: an answer of which a bot is less sure, from 0 to 1, is a guess.
    var botConfidence = EscalationThresholds.standard.botConfidence

    var thresholds: EscalationThresholds {
        EscalationThresholds(alert: self.alertThreshold, botConfidence: self.botConfidence)
    }
}

/// The end of the process.
struct DrainSettings: Sendable, Equatable {
    /// `drain.delay`: the listener stays open so long after SIGTERM, for a balancer to notice.
    var delay: Duration = .zero
    /// `drain.timeout`: the process ends at the latest so long after SIGTERM.
    var timeout: Duration = .seconds(30)
}

/// What goes to stderr.
struct LogSettings: Sendable, Equatable {
    enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    enum Level: String, Sendable, CaseIterable {
        case trace
        case debug
        case info
        case notice
        case warning
        case error
        case critical
    }

    /// `log.level`
    var level: Level = .info
    /// `log.format`: one line per entry either way.
    var format: Format = .text
}
