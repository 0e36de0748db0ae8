/// Things that will happen, soonest first: a binary heap.
struct EventHeap {
    struct Event {
        /// Microseconds.
        var instant: Int64
        /// Of two events at one instant, the one that was scheduled first happens first.
        var order: Int64
        var what: What
    }

    enum What {
        /// An agent ends a chat that took so many microseconds.
        case finish(agent: Int, after: Int64)
        /// A visitor's patience is at its end, so many microseconds after they came.
        case leave(number: Int, after: Int64)
        /// What the rule asked for.
        case alarm(Alarm)
    }

    private var events: ContiguousArray<Event> = []
    private var scheduled: Int64 = 0

    var first: Event? { self.events.first }

    mutating func schedule(_ what: What, at instant: Int64) {
        self.scheduled += 1
        let event = Event(instant: instant, order: self.scheduled, what: what)
        var hole = self.events.count
        self.events.append(event)
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard Self.precedes(event, self.events[parent]) else { break }
            self.events[hole] = self.events[parent]
            hole = parent
        }
        self.events[hole] = event
    }

    mutating func removeFirst() -> Event {
        let first = self.events[0]
        let last = self.events.removeLast()
        guard !self.events.isEmpty else { return first }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < self.events.count else { break }
            if child + 1 < self.events.count, Self.precedes(self.events[child + 1], self.events[child]) { child += 1 }
            guard Self.precedes(self.events[child], last) else { break }
            self.events[hole] = self.events[child]
            hole = child
        }
        self.events[hole] = last
        return first
    }

    private static func precedes(_ lhs: Event, _ rhs: Event) -> Bool {
        lhs.instant == rhs.instant ? lhs.order < rhs.order : lhs.instant < rhs.instant
    }
}
