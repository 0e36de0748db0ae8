/// What a commercial can do, and where they stand in their queues.
package struct CommercialProfile: Sendable, Hashable {
    /// The languages that they speak; empty rules nothing out.
    package var languages: Set<String>
    package var skills: [String: Int]
    /// Tiers by queue; a queue that is not here is of tier 1.
    package var tiers: [String: Int]
    /// The least time between two chats that the router gives them; nil is as the gateway's own settings have it.
    package var minGapMilliseconds: Int64?

    package init(
        languages: Set<String> = [], skills: [String: Int] = [:], tiers: [String: Int] = [:],
        minGapMilliseconds: Int64? = nil
    ) {
        self.languages = languages
        self.skills = skills
        self.tiers = tiers
        self.minGapMilliseconds = minGapMilliseconds
    }
}

extension [String: Int] {
    /// The keys and values of two arrays side by side; a key without a value is left out.
    init(keys: [String], values: [Int64]) {
        self.init(zip(keys, values.map { Int(clamping: $0) }), uniquingKeysWith: { first, _ in first })
    }

    /// The same as parameters of two arrays side by side.
    var sideBySide: (keys: SQLValue, values: SQLValue) {
        let sorted = self.sorted { $0.key < $1.key }
        return (.texts(sorted.map(\.key)), .ints(sorted.map { Int64($0.value) }))
    }
}
