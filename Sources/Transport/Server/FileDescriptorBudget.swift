internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The file descriptors of the process, as far as connections may have them.
///
/// The soft limit is raised to the hard one. A reserve (256, at most a quarter) stays free for the database, files and
/// everything else; once connections have used up the rest, accepting pauses until one of them closes.
package final class FileDescriptorBudget: Sendable {
    /// The budget of this process, shared by all its servers.
    package static let process = FileDescriptorBudget(limit: FileDescriptorBudget.limit)

    /// The descriptors that this process may have, after as many were asked for as it can get.
    package static let limit = raiseLimit()

    /// Connections that may be open at once.
    package let capacity: Int
    private let used = Atomic(0)
    private let hasWaiting = Atomic(false)
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    package init(limit: Int) {
        capacity = max(1, limit - min(256, limit / 4))
    }

    /// Connections open now.
    package var inUse: Int { used.load(ordering: .sequentiallyConsistent) }

    var isExhausted: Bool { inUse >= capacity }

    func take() {
        used.wrappingAdd(1, ordering: .sequentiallyConsistent)
    }

    /// Takes one of those that are left; false, and nothing taken, where none is.
    func takeIfThereIsRoom() -> Bool {
        var current = inUse
        while current < capacity {
            let (isMine, other) = used.compareExchange(
                expected: current, desired: current + 1, ordering: .sequentiallyConsistent)
            if isMine { return true }
            current = other
        }
        return false
    }

    func giveBack() {
        used.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        // A look at the lock for every closed connection would be wasted.
        if hasWaiting.load(ordering: .sequentiallyConsistent), !isExhausted { wakeAll() }
    }

    /// Calls `wake` once, from any thread, when there is room again; at once if there is room now.
    func whenThereIsRoom(_ wake: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.append(wake) }
        hasWaiting.store(true, ordering: .sequentiallyConsistent)
        if !isExhausted { wakeAll() }
    }

    private func wakeAll() {
        let woken = waiting.withLock { waiting in
            hasWaiting.store(false, ordering: .sequentiallyConsistent)
            defer { waiting = [] }
            return waiting
        }
        for wake in woken { wake() }
    }

    /// Raises the soft limit of open files to the hard one and returns it.
    private static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 {
                _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
