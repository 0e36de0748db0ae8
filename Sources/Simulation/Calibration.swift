/// How far what waiting visitors were told agreed with what came of it.
package struct Calibration: Sendable, Hashable {
    /// How many visitors were told something and got their turn.
    package var told = 0
    /// How many of them waited no longer than the p50 that they were told.
    package var withinMedian = 0
    /// How many of them waited no longer than the p90 that they were told.
    package var withinNinetieth = 0

    /// The share that waited no longer than the p90: 0.85 to 0.95 is what it should be.
    package var shareWithinNinetieth: Double { Double(self.withinNinetieth) / Double(max(self.told, 1)) }
    /// The share that waited no longer than the p50.
    package var shareWithinMedian: Double { Double(self.withinMedian) / Double(max(self.told, 1)) }
}
