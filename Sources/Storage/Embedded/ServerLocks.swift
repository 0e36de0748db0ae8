internal import Glibc

/// Three files by which gateways and commands agree on one server. The kernel drops a dead process's locks.
///
/// - `gateway.lock`: held by the one gateway.
/// - `users.lock`: shared by everybody who uses the server; who can take it alone is the last one.
/// - `start.lock`: held while the server is started or stopped.
final class ServerLocks: Sendable {
    private let gateway: FileLock?
    private let users: FileLock
    private let start: FileLock

    init(root: String, use: EmbeddedServer.Use) throws(EmbeddedServerError) {
        switch use {
        case .gateway:
            let gateway = try Self.open("\(root)/gateway.lock")
            guard gateway.tryLock(.exclusive) else {
                throw EmbeddedServerError(
                    code: .inUse,
                    message: """
                        another gateway (process \(gateway.note)) uses the data directory \(root); stop it, or give \
                        this one a --data-dir of its own
                        """
                )
            }
            gateway.note = "\(getpid())"
            self.gateway = gateway
        case .command:
            self.gateway = nil
        }
        self.users = try Self.open("\(root)/users.lock")
        self.start = try Self.open("\(root)/start.lock")
    }

    /// Runs `body` while nobody else starts or stops the server, as one of its users.
    func whileChanging<Value>(_ body: () throws(EmbeddedServerError) -> Value) throws(EmbeddedServerError) -> Value {
        guard self.start.lock(.exclusive, timeout: .seconds(120)) else {
            throw EmbeddedServerError(
                code: .inUse, message: "another process has been starting PostgreSQL for 2 minutes"
            )
        }
        defer { self.start.unlock() }
        // Never waits: only `isLastUser` takes it alone, under the start lock.
        _ = self.users.tryLock(.shared)
        return try body()
    }

    /// Lets go of everything. What goes with the last reference goes too late for whoever begins again at once: the thread
    /// that stopped the server may still hold one.
    func release() {
        self.gateway?.unlock()
        self.users.unlock()
        self.start.unlock()
    }

    /// Whether no other process uses the server. Asked while changing.
    var isLastUser: Bool { self.users.tryLock(.exclusive) }

    private static func open(_ path: String) throws(EmbeddedServerError) -> FileLock {
        guard let lock = FileLock(path: path) else {
            throw EmbeddedServerError(
                code: .notAccessible, message: "cannot open \(path): \(String(cString: strerror(errno)))"
            )
        }
        return lock
    }
}
