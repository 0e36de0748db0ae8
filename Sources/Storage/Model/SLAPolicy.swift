package import Assignment

/// What a workspace promises the visitors of some chats.
package struct SLAPolicy: Sendable, Hashable {
    package var name: String
    /// Empty: of all queues.
    package var queues: Set<String>
    /// Empty: of every priority.
    package var priorities: Set<Priority>
    /// A person's first public message, in milliseconds from when one was needed.
    package var firstResponseMilliseconds: Int64?
    /// A person's next message after the visitor's.
    package var nextResponseMilliseconds: Int64?
    /// The end, from when a person was needed.
    package var resolutionMilliseconds: Int64?
    /// Whether time counts only while the queue is open.
    package var countsBusinessHours: Bool
    /// How long before the time somebody is warned; 0 is never.
    package var warnBeforeMilliseconds: Int64

    package init(
        name: String, queues: Set<String> = [], priorities: Set<Priority> = [],
        firstResponseMilliseconds: Int64? = nil, nextResponseMilliseconds: Int64? = nil,
        resolutionMilliseconds: Int64? = nil, countsBusinessHours: Bool = false, warnBeforeMilliseconds: Int64 = 0
    ) {
        self.name = name
        self.queues = queues
        self.priorities = priorities
        self.firstResponseMilliseconds = firstResponseMilliseconds
        self.nextResponseMilliseconds = nextResponseMilliseconds
        self.resolutionMilliseconds = resolutionMilliseconds
        self.countsBusinessHours = countsBusinessHours
        self.warnBeforeMilliseconds = warnBeforeMilliseconds
    }
}
