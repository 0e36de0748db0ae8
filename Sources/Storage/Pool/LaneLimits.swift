/// The bounds of one lane.
package struct LaneLimits: Sendable, Equatable {
    /// How many transactions may wait; the next one is refused.
    package var capacity: Int
    /// How long one may wait before it is refused.
    package var maxWait: Duration

    package init(capacity: Int, maxWait: Duration) {
        self.capacity = capacity
        self.maxWait = maxWait
    }

    /// 200 statements for 1 s; 10,000 messages for 1 s; 5,000 CONNECTs and joins for 5 s, as long as a client's
    /// CONNECT is held.
    package static let defaults: [Lane: LaneLimits] = [
        .statement: LaneLimits(capacity: 200, maxWait: .seconds(1)),
        .message: LaneLimits(capacity: 10_000, maxWait: .seconds(1)),
        .join: LaneLimits(capacity: 5000, maxWait: .seconds(5)),
    ]
}
