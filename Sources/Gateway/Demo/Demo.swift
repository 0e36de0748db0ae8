internal import Assignment
internal import Foundation
internal import Logging
internal import Storage

/// What `--demo` adds to a gateway: a widget key that is known to everybody, a bot, two commercials and a supervisor.
/// Everybody in it comes in through the front door with a credential of their own.
struct Demo: Sendable {
    /// Somebody of the shop's team with a link to the desk.
    struct Person: Sendable {
        var role: Role
        var subject: String
        var name: String
    }

    /// The widget key in the demo page, and in the README.
    static let widgetKey = Secret("demo")
    static let workspace = WorkspaceName.standard
    static let team = [
        Person(role: .commercial, subject: "ana", name: "Ana"),
        Person(role: .commercial, subject: "luis", name: "Luis"),
        Person(role: .supervisor, subject: "sara", name: "Sara"),
    ]
    /// The links are for trying things out, not for a team.
    private static let lifetime: Int64 = 30 * 86_400
    /// How long a visitor may say how it was, in milliseconds.
    private static let satisfactionWindow: Int64 = 86_400_000

    private let botKey: Secret
    private let tokens: [(person: Person, token: Secret)]

    /// Files the keys and mints the tokens.
    init(database: Database, tokens: Tokens) async throws {
        // A new key at each start, so that nothing secret of the demo has to be kept anywhere.
        let botKey = KeySecret.generate(.api)
        try await database.transaction(.workspace(Self.workspace)) { transaction in
            try Workspaces.ensure(transaction, Self.workspace)
            try Satisfaction.set(transaction, Self.workspace, .init(windowMilliseconds: Self.satisfactionWindow))
            _ = try Keys.createWidgetKey(
                transaction, Self.workspace, hash: KeySecret.hash(Self.widgetKey), origins: nil
            )
            _ = try Keys.revokeAPIKey(transaction, Self.workspace, name: DemoBot.name)
            _ = try Keys.createAPIKey(
                transaction, Self.workspace, name: DemoBot.name, hash: KeySecret.hash(botKey), scopes: [.messaging]
            )
        }
        self.botKey = botKey
        let now = Int64(Date().timeIntervalSince1970)
        var minted: [(person: Person, token: Secret)] = []
        for person in Self.team {
            let claims = TokenClaims(
                subject: person.subject, role: person.role, workspace: Self.workspace, name: person.name,
                expiresAt: now + Self.lifetime, issuedAt: now
            )
            minted.append((person, try await tokens.mint(claims)))
        }
        self.tokens = minted
    }

    /// The bot, which begins when it is told the gateway's port.
    ///
    /// - Parameter listener: where the gateway was told to listen, and how.
    func bot(listener: GatewayConfiguration, port: AsyncStream<Int>, logger: Logger) throws -> DemoBot {
        let reachable =
            switch listener.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: listener.host
            }
        return DemoBot(
            host: reachable, port: port, isSecure: listener.tls.certificate != nil, apiKey: self.botKey,
            answers: try DemoAnswers.embedded(), logger: logger)
    }

    /// What is printed after `ready`.
    func links(address: String) -> [String] {
        let desks = self.tokens.map { person, token in
            "demo \(person.role.rawValue) \(person.name): \(address)/commercial.html#token=\(token.reveal())"
        }
        return ["demo shop: \(address)/"] + desks
    }
}
