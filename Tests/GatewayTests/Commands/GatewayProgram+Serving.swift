import Foundation
import Testing

@testable import Gateway

extension GatewayProgram {
    /// Runs a gateway on a database that the test owns.
    ///
    /// Whatever `body` leaves running is killed: a test that failed must not keep a process.
    static func serving(
        on url: String, environment: [String: String] = [:],
        _ body: (_ gateway: GatewayProgram, _ port: Int) async throws -> Void
    ) async throws {
        let gateway = try GatewayProgram(
            ["serve", "--port", "0", "--loops", "2", "--database-url", url], environment: environment
        )
        do {
            try await body(gateway, try await gateway.ready())
        } catch {
            await gateway.killIfRunning()
            throw error
        }
        await gateway.killIfRunning()
    }

    private func killIfRunning() async {
        guard self.isRunning else { return }
        self.signal(SIGKILL)
        _ = await self.end()
    }

    /// Makes a widget key that admits every origin.
    static func widgetKey(on url: String) async throws -> Secret {
        let outcome = try await Self.run(["widgetkey", "create", "--database-url", url])
        try #require(outcome.status == 0, "\(outcome.errors)")
        return Secret(String(outcome.output.dropLast()))
    }
}
