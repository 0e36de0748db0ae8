internal import DequeModule

/// The jobs of one socket that run one after the other, and when its connection must not be read.
struct EventQueue<Job> {
    /// Nil while there is nothing: most sockets are idle.
    private var jobs: Deque<(job: Job, bytes: Int)>?
    private var bytes = 0
    private var isRunning = false
    private var isHoldingBack = false

    init() {}

    /// What appending asks of the caller.
    struct AppendAction: Equatable {
        /// Begin to take jobs, in a task.
        var start = false
        /// Stop reading the connection.
        var pause = false
    }

    mutating func append(_ job: Job, bytes: Int, maxJobs: Int, maxBytes: Int) -> AppendAction {
        self.jobs = self.jobs ?? Deque()
        self.jobs?.append((job, bytes))
        self.bytes += bytes
        var action = AppendAction(start: !self.isRunning)
        self.isRunning = true
        if !self.isHoldingBack, (self.jobs?.count ?? 0) >= maxJobs || self.bytes >= maxBytes {
            self.isHoldingBack = true
            action.pause = true
        }
        return action
    }

    /// The next job, nil when there is none: then the caller's task ends. `resume` when the connection may be read
    /// again: half of what made it stop is done.
    mutating func next(maxJobs: Int, maxBytes: Int) -> (job: Job?, resume: Bool) {
        guard let (job, bytes) = self.jobs?.popFirst() else {
            self.isRunning = false
            self.jobs = nil
            return (nil, self.release())
        }
        self.bytes -= bytes
        let isRelieved = (self.jobs?.count ?? 0) <= maxJobs / 2 && self.bytes <= maxBytes / 2
        return (job, isRelieved ? self.release() : false)
    }

    private mutating func release() -> Bool {
        defer { self.isHoldingBack = false }
        return self.isHoldingBack
    }
}
