package import Assignment

/// Reckoning with open time only.
extension BusinessHours {
    /// Openings that are looked at before giving up: more than a year has, whatever the week looks like.
    private static let openings = 10_000

    /// Open milliseconds from one instant to another; 0 where the second is not after the first.
    package func openMilliseconds(from start: Timestamp, to end: Timestamp) -> Int64 {
        var sum: Int64 = 0
        var now = start
        while now < end {
            switch self.state(at: now) {
            case .closed(let next):
                guard let next, next < end else { return sum }
                now = next
            case .open:
                let closing = min(self.end(ofStretchAt: now) ?? end, end)
                sum += closing.milliseconds(since: now)
                now = closing
            }
        }
        return sum
    }

    /// The instant at which so many milliseconds have been open since `start`; nil where it does not open often enough.
    package func instant(after start: Timestamp, openMilliseconds: Int64) -> Timestamp? {
        var rest = openMilliseconds
        var now = start
        for _ in 0..<Self.openings {
            switch self.state(at: now) {
            case .closed(let next):
                guard let next else { return nil }
                now = next
            case .open:
                guard let closing = self.end(ofStretchAt: now) else { return now.advanced(byMilliseconds: rest) }
                let open = closing.milliseconds(since: now)
                guard open < rest else { return now.advanced(byMilliseconds: rest) }
                rest -= open
                now = closing
            }
        }
        return nil
    }
}
