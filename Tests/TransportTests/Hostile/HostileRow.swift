import EngineIO
import Foundation
import NIOCore
import Testing

@testable import Transport

/// One input of the bad-input catalogue, docs/hostile-input.md: what a stranger may send, and what must become of it.
struct HostileRow: Sendable, CustomTestStringConvertible {
    let id: String
    let what: String
    let engine: EngineConfiguration
    let cors: any CORSPolicy
    let configure: @Sendable (inout TransportConfiguration) -> Void
    let attack: @Sendable (Arena) async throws -> Void

    init(
        _ id: String, _ what: String, engine: EngineConfiguration = EngineConfiguration(),
        cors: any CORSPolicy = StaticCORSPolicy.off,
        configure: @escaping @Sendable (inout TransportConfiguration) -> Void = { _ in },
        attack: @escaping @Sendable (Arena) async throws -> Void
    ) {
        self.id = id
        self.what = what
        self.engine = engine
        self.cors = cors
        self.configure = configure
        self.attack = attack
    }

    var testDescription: String { "\(id): \(what)" }

    func run() async throws {
        try await Arena.run(engine, cors: cors, configure: configure, attack)
    }

    /// How often a row is repeated that looks for leaks: `usual` times in every run of the tests, `full` times where
    /// `PUENTE_HOSTILE_FULL` is set.
    static func repetitions(_ usual: Int, full: Int) -> Int {
        ProcessInfo.processInfo.environment["PUENTE_HOSTILE_FULL"] == nil ? usual : full
    }
}
