internal import Storage
internal import Synchronization

/// What the whole process is doing, as `/readyz` and the gate at the handshake need to know.
final class ServiceState: Sendable {
    /// The phases of a life, in order.
    enum Phase: UInt8, Sendable, AtomicRepresentable {
        case starting
        case accepting
        /// Existing sessions are served, new ones go elsewhere.
        case draining
        /// Nothing is taken up any more.
        case closing
    }

    private let current = Atomic<Phase>(.starting)
    private let isStorageAway = Atomic<Bool>(false)
    private let schemaOutcome = Mutex(SchemaCheck.Outcome.ok)
    /// Whether rate and per-address limits are in force; shown by `/readyz`.
    let limitsEnabled: Bool
    /// Settings that are for development only and are in force; shown there too.
    let insecure: [String]

    init(limitsEnabled: Bool = true, insecure: [String] = []) {
        self.limitsEnabled = limitsEnabled
        self.insecure = insecure
    }

    var phase: Phase { self.current.load(ordering: .acquiring) }

    /// Moves on; a phase that is over never comes back.
    func enter(_ phase: Phase) {
        var now = self.current.load(ordering: .acquiring)
        while now.rawValue < phase.rawValue {
            let (exchanged, original) = self.current.compareExchange(
                expected: now, desired: phase, ordering: .acquiringAndReleasing
            )
            if exchanged { return }
            now = original
        }
    }

    /// Whether PostgreSQL answers.
    var isStorageAvailable: Bool {
        get { !self.isStorageAway.load(ordering: .relaxed) }
        set { self.isStorageAway.store(!newValue, ordering: .relaxed) }
    }

    /// Whether the database's schema is the one that this program knows, as of the last look.
    var schema: SchemaCheck.Outcome {
        get { self.schemaOutcome.withLock { $0 } }
        set { self.schemaOutcome.withLock { $0 = newValue } }
    }

    /// Whether new sessions are welcome.
    var isReady: Bool { self.phase == .accepting && self.isStorageAvailable }
}
