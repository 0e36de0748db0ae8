/// Longest idle first; never given anything counts as idle for ever.
enum IdleOrder {
    /// `true` or `false` as the left or the right one is idle for longer; `nil` for a tie.
    static func compare(_ lhs: Timestamp?, _ rhs: Timestamp?) -> Bool? {
        switch (lhs, rhs) {
        case (nil, nil): nil
        case (nil, _): true
        case (_, nil): false
        case (let lhs?, let rhs?): lhs == rhs ? nil : lhs < rhs
        }
    }
}
