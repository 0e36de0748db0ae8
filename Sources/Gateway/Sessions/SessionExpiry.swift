internal import Assignment
internal import Foundation
internal import ServiceLifecycle
internal import SocketIO

/// Warns sessions whose token is about to end, and ends those whose token has.
///
/// One look a second over all sessions of the node; no session holds a timer. Tokens are judged by the node's clock, as
/// at the door.
struct SessionExpiry: Service {
    let registry: SessionRegistry
    let now: @Sendable () -> Timestamp

    /// How long before the end a client is told.
    static let warningMilliseconds: Int64 = 60_000

    init(
        registry: SessionRegistry,
        now: @escaping @Sendable () -> Timestamp = {
            Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        }
    ) {
        self.registry = registry
        self.now = now
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.sweep()
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }

    /// One look.
    func sweep() {
        let now = self.now()
        for session in self.registry.all {
            guard let expiry = session.principal.expiry else { continue }
            if expiry <= now {
                session.kick(.unauthenticated)
            } else if expiry.milliseconds(since: now) <= Self.warningMilliseconds, session.warn(of: expiry) {
                session.socket.emit("session:expiring", JSONValue.object(["exp": .expiry(expiry)]).encoded())
            }
        }
    }
}

extension JSONValue {
    /// Seconds since 1970, as in a token's `exp`.
    static func expiry(_ timestamp: Timestamp) -> JSONValue { .int(timestamp.microseconds / 1_000_000) }
}
