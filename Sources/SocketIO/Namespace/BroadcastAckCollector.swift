/// Gathers the answers to a broadcast: the first argument of each client's ack, in order of arrival.
package struct BroadcastAckCollector: Sendable {
    package private(set) var responses: [JSONValue] = []
    /// Receivers that have neither answered nor gone.
    package private(set) var outstanding: Int

    package init(receivers: Int) {
        self.outstanding = receivers
    }

    package var isComplete: Bool { self.outstanding <= 0 }

    /// Takes one receiver's answer, nil when it left without one; true when it was the last.
    package mutating func receive(_ response: JSONValue?) -> Bool {
        guard self.outstanding > 0 else { return false }
        if let response { self.responses.append(response) }
        self.outstanding -= 1
        return self.isComplete
    }
}
