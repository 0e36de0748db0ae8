#if DEBUG
    internal import Glibc
    internal import Synchronization

    /// Promises that a debug build can be told to break, to see whether the checker of `make check-delivery` notices.
    ///
    /// A release build has neither this type nor any of its uses.
    package enum Mutation: String, CaseIterable, Sendable {
        /// A batch is acknowledged, and committed a moment later.
        case ackBeforeCommit = "ack-before-commit"
        /// A number is taken and not used, as if a sequence had given it to a transaction that came to nothing.
        case numberLost = "number-lost"
        /// A resent message counts as a new one.
        case retryStoredTwice = "retry-stored-twice"
        /// What was stored is now and then said to be refused.
        case falseRefusal = "false-refusal"
        /// Replay begins one message too late.
        case replayOffByOne = "replay-off-by-one"
        /// Whoever joins misses the first message after the answer.
        case barrierOffByOne = "barrier-off-by-one"
        /// An event counts as let out and was not.
        case eventSwallowed = "event-swallowed"
        /// An event is let out twice.
        case eventDoubled = "event-doubled"
        /// An event is let out by a task of its own, whenever that gets to it.
        case orderLost = "order-lost"
        /// What other nodes wrote is not told: neither their word nor the poll counts.
        case othersUnheard = "others-unheard"
        /// Whoever leaves stays in the room.
        case leaveIgnored = "leave-ignored"

        package static let variable = "PUENTE_MUTATION"

        /// The one of this process.
        package static let active: Mutation? = getenv(Self.variable).flatMap { Mutation(rawValue: String(cString: $0)) }

        private static let turns = Atomic(0)
        private static let seen = Mutex<Set<String>>([])

        package var isActive: Bool { Self.active == self }

        /// Whether it is this one's turn: each `count`th time.
        package func strikes(every count: Int) -> Bool {
            self.isActive && Self.turns.add(1, ordering: .relaxed).newValue.isMultiple(of: count)
        }

        /// Whether this was asked before.
        package static func isAgain(_ id: String) -> Bool { self.seen.withLock { !$0.insert(id).inserted } }
    }
#endif
