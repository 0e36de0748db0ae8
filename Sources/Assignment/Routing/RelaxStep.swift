/// What a chat that has waited so long does not insist on any more. Of several steps the last one reached holds.
package struct RelaxStep: Sendable, Hashable, Codable {
    /// How long the chat has waited in its line by then, in milliseconds.
    package var afterMilliseconds: Int64
    /// By how much every required level falls; a level that falls below 1 is not asked for.
    package var lowersLevelsBy: Int
    /// Skills that are not asked for any more.
    package var without: Set<String>
    /// Whether any language will do.
    package var anyLanguage: Bool

    package init(
        afterMilliseconds: Int64, lowersLevelsBy: Int = 0, without: Set<String> = [], anyLanguage: Bool = false
    ) {
        self.afterMilliseconds = afterMilliseconds
        self.lowersLevelsBy = lowersLevelsBy
        self.without = without
        self.anyLanguage = anyLanguage
    }

    /// What is still asked for.
    package func relaxed(_ skills: [String: Int]) -> [String: Int] {
        skills.compactMapValues { level in
            let (lowered, overflow) = level.subtractingReportingOverflow(self.lowersLevelsBy)
            return overflow || lowered < 1 ? nil : lowered
        }.filter { !self.without.contains($0.key) }
    }
}

extension [RelaxStep] {
    /// The step that holds after a wait of `milliseconds`; `nil` before the first one.
    package func reached(after milliseconds: Int64) -> RelaxStep? {
        self.filter { $0.afterMilliseconds <= milliseconds }.max { $0.afterMilliseconds < $1.afterMilliseconds }
    }
}
