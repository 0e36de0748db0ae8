/// One number from 0 to 1 for people to look at; routing itself compares, and never reads this.
package struct AssignmentScore: Sendable, Hashable {
    /// Load plus the weight of the chat, as a share of the cap.
    package var utilisation: Double
    /// 1/(1+surplus): how little over-qualified the commercial is.
    package var skillFit: Double
    /// Milliseconds since the last assignment; `nil` if there was none.
    package var idleMilliseconds: Int64?
    /// Whether the visitor had this commercial before.
    package var isSticky: Bool
    /// The queue's median handle time over the commercial's own.
    package var relativeSpeed: Double

    package init(
        utilisation: Double, skillFit: Double = 1, idleMilliseconds: Int64?, isSticky: Bool = false,
        relativeSpeed: Double = 1
    ) {
        self.utilisation = utilisation
        self.skillFit = skillFit
        self.idleMilliseconds = idleMilliseconds
        self.isSticky = isSticky
        self.relativeSpeed = relativeSpeed
    }

    /// The score of a commercial for a chat, before the assignment.
    package init(_ commercial: RoutableCommercial, taking chat: QueuedChat, now: Timestamp) {
        let cap = Double(max(commercial.cap, 1))
        self.init(
            utilisation: (commercial.load + chat.weight) / cap,
            skillFit: 1 / (1 + Double(commercial.surplus(for: chat))),
            idleMilliseconds: commercial.lastAssignedAt.map { now.milliseconds(since: $0) },
            isSticky: chat.stickyID == commercial.id, relativeSpeed: commercial.relativeSpeed)
    }

    /// 0.45·free + 0.20·skillFit + 0.15·idle (full at 300 s) + 0.10·sticky + 0.10·speed.
    package var value: Double {
        let free = Self.unit(1 - self.utilisation)
        let idle = self.idleMilliseconds.map { Self.unit(Double($0) / 300_000) } ?? 1
        let speed = min(max(self.relativeSpeed.isNaN ? 1 : self.relativeSpeed, 0.5), 1.5) / 1.5
        return 0.45 * free + 0.20 * Self.unit(self.skillFit) + 0.15 * idle + (self.isSticky ? 0.10 : 0) + 0.10 * speed
    }

    private static func unit(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, 0), 1) }
}
