import SocketServer
import Testing

/// One input of the bad-input catalogue, docs/hostile-input.md, that concerns Socket.IO.
struct HostileRow: Sendable, CustomTestStringConvertible {
    let id: String
    let what: String
    let attack: @Sendable (HostileArena) async throws -> Void

    init(_ id: String, _ what: String, attack: @escaping @Sendable (HostileArena) async throws -> Void) {
        self.id = id
        self.what = what
        self.attack = attack
    }

    var testDescription: String { "\(self.id): \(self.what)" }

    func run(_ configuration: SocketServerConfiguration = SocketServerConfiguration()) async throws {
        try await HostileArena.run(configuration, self.attack)
    }
}
