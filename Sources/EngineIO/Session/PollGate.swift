/// Admits one GET and one POST of a polling session at a time.
package struct PollGate: Sendable, Equatable {
    /// Whether a GET waits for its answer.
    package private(set) var isPolling = false
    /// Whether a POST's body is being received or processed.
    package private(set) var isPosting = false

    package init() {}

    /// A GET arrived; false if another one waits.
    package mutating func beginPoll() -> Bool {
        guard !isPolling else { return false }
        isPolling = true
        return true
    }

    /// The waiting GET is answered or gone.
    package mutating func endPoll() { isPolling = false }

    /// A POST arrived; false if another one is under way.
    package mutating func beginPost() -> Bool {
        guard !isPosting else { return false }
        isPosting = true
        return true
    }

    /// The POST is answered or gone.
    package mutating func endPost() { isPosting = false }
}
