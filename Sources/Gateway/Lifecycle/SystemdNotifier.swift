internal import Glibc
internal import ServiceLifecycle

/// Tells systemd how the process is doing, as `sd_notify(3)` would: a datagram to the socket that `NOTIFY_SOCKET` names.
///
/// Nothing depends on it: what cannot be sent is not sent.
struct SystemdNotifier: Sendable {
    enum Message: String, Sendable {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case alive = "WATCHDOG=1"
    }

    /// As the kernel wants it; a name without a file begins with a zero, and is as long as it is.
    private let name: [UInt8]
    /// In which time systemd wants to hear that the process is alive; nil where it does not.
    let watchdog: Duration?

    /// nil where nobody listens.
    ///
    /// - Parameter process: this one; what is meant for another is not taken up.
    init?(environment: [String: String], process: Int32 = getpid()) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.utf8.count > 1 else { return nil }
        switch socket.first {
        case "/": self.name = Array(socket.utf8) + [0]
        case "@": self.name = [0] + socket.utf8.dropFirst()
        default: return nil
        }
        guard self.name.count <= MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        let isMeant = environment["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        self.watchdog = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// - Returns: whether the socket took it.
    @discardableResult
    func send(_ message: Message) -> Bool {
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // systemd's queue may be full: nobody waits for it for long.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: self.name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + self.name.count)
        let text = Array(message.rawValue.utf8)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, text, text.count, CInt(MSG_NOSIGNAL), $0, length)
            }
        } == text.count
    }
}

/// Proof of life for systemd's watchdog, which ends and starts again a process whose event loops do not turn.
struct SystemdWatchdog: Service {
    let notifier: SystemdNotifier
    /// How often: so that a single late moment is no death.
    let interval: Duration
    let isAlive: @Sendable () -> Bool

    /// nil where systemd does not ask.
    init?(_ notifier: SystemdNotifier?, isAlive: @escaping @Sendable () -> Bool) {
        guard let notifier, let watchdog = notifier.watchdog else { return nil }
        self.notifier = notifier
        self.interval = watchdog / 6
        self.isAlive = isAlive
    }

    /// Until the gateway has drained; systemd does not ask while a process ends.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if self.isAlive() { self.notifier.send(.alive) }
                do { try await Task.sleep(for: self.interval) } catch { return }
            }
        }
    }
}
