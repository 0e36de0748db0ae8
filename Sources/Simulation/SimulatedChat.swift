package import Assignment

/// A chat as it enters the simulation: everything about it is settled when it arrives, so that every policy handles the
/// same work.
package struct SimulatedChat: Sendable, Hashable {
    /// 0, 1, 2 … in the order of arrival.
    package var number: Int
    package var arrival: Timestamp
    /// How long whoever takes it will be busy with it.
    package var handleMicroseconds: Int64
    /// How long the visitor waits before leaving; `nil` waits for ever.
    package var patienceMicroseconds: Int64?
    /// Which of the scenario's kinds it is of.
    package var kind: Int
    /// The number of its visitor's chat before this one; `nil` where there was none.
    package var follows: Int?

    package init(
        number: Int, arrival: Timestamp, handleMicroseconds: Int64, patienceMicroseconds: Int64? = nil, kind: Int = 0,
        follows: Int? = nil
    ) {
        self.number = number
        self.arrival = arrival
        self.handleMicroseconds = handleMicroseconds
        self.patienceMicroseconds = patienceMicroseconds
        self.kind = kind
        self.follows = follows
    }
}

/// What chats of one kind ask for.
package struct ChatKind: Sendable, Hashable {
    package var priority: Priority
    /// What whoever takes it must be able to do, and how well at least.
    package var skills: [String: Int]

    package init(priority: Priority = .normal, skills: [String: Int] = [:]) {
        self.priority = priority
        self.skills = skills
    }
}

/// Somebody who answers.
package struct SimulatedAgent: Sendable, Hashable {
    package var id: String
    /// How many chats at once, each as fast as if it were alone.
    package var cap: Int
    package var skills: [String: Int]

    package init(id: String, cap: Int = 1, skills: [String: Int] = [:]) {
        self.id = id
        self.cap = cap
        self.skills = skills
    }
}
