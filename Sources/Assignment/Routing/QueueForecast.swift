/// How long those who wait will wait, from how fast slots become free (Little's law with every slot taken).
package struct QueueForecast: Sendable, Hashable {
    /// The slots of all who could take chats of this line.
    package var slots: Double
    /// Those of them that are free now.
    package var freeSlots: Double
    /// How long a chat keeps a slot, on average and with as many chats at once as people have, in milliseconds.
    package var handleMilliseconds: Double

    package init(slots: Double, freeSlots: Double, handleMilliseconds: Double) {
        self.slots = slots
        self.freeSlots = freeSlots
        self.handleMilliseconds = handleMilliseconds
    }

    /// A wait that half of all chats in this place stay below, and one that nine tenths do.
    package struct Wait: Sendable, Hashable {
        /// Whole seconds, rounded up.
        package var p50Seconds: Int
        package var p90Seconds: Int

        package init(p50Seconds: Int, p90Seconds: Int) {
            self.p50Seconds = p50Seconds
            self.p90Seconds = p90Seconds
        }
    }

    /// What a chat is expected to take before any has been handled, in milliseconds.
    package static let expectedHandleMilliseconds: Int64 = 300_000

    /// The longest wait that is told; beyond a day a number says nothing.
    private static let longestSeconds = 86_400.0

    /// The wait of the chat in a place of the line; `nil` while nobody is there who could take one.
    ///
    /// - Parameter position: 1 is next.
    package func wait(position: Int) -> Wait? {
        guard self.slots > 0, self.handleMilliseconds.isFinite, self.handleMilliseconds >= 0 else { return nil }
        let free = Int(min(max(self.freeSlots, 0), 1e9))
        let ahead = max(position, 1) - free
        guard ahead > 0 else { return Wait(p50Seconds: 0, p90Seconds: 0) }
        let perSlot = self.handleMilliseconds / 1000 / self.slots
        func seconds(_ level: GammaQuantile.Level) -> Int {
            Int(min(GammaQuantile.of(level, shape: ahead) * perSlot, Self.longestSeconds).rounded(.up))
        }
        return Wait(p50Seconds: seconds(.half), p90Seconds: seconds(.nineTenths))
    }
}
