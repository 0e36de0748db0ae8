/// The figures of a run; times are in mean handle times.
package struct SimulationReport: Sendable {
    package var policy: SimulatedPolicy
    package var meanWait: Double
    package var p50: Double
    package var p95: Double
    /// The share of all places that was in use.
    package var utilisation: Double
    package var jain: Double
    /// What Erlang C says that the mean wait is where one line waits for all places; `nil` where it grows without end.
    package var erlangC: Double?
    /// The share of visitors that left before their turn.
    package var abandoned: Double
    /// The half-width of the mean wait's interval of 95 %, from the means of twenty batches, which hardly depend on
    /// each other.
    package var meanWaitWithin: Double
    package var calibration: Calibration?
    package var asking: AskingOutcome?
    package var spread: UtilisationSpread?

    package init(_ outcome: Outcome, of simulation: Simulation, load: Double) {
        let unit = Workload.meanHandleMicroseconds
        self.policy = simulation.policy
        self.utilisation = outcome.utilisation
        self.jain = outcome.jain(caps: simulation.team.map(\.cap))
        self.erlangC = Erlang.meanWait(slots: simulation.slots, offered: load * Double(simulation.slots))
        self.abandoned = Double(outcome.abandoned) / Double(max(outcome.waits.count, 1))
        self.calibration = outcome.calibration
        self.asking = outcome.asking
        self.spread = outcome.spread
        let means = Self.batchMeans(outcome.waits, count: 20)
        self.meanWait = outcome.waits.reduce(0) { $0 + Double($1) } / Double(max(outcome.waits.count, 1)) / unit
        self.meanWaitWithin = Self.halfWidth(means) / unit
        let sorted = outcome.waits.sorted()
        self.p50 = Self.quantile(0.5, of: sorted) / unit
        self.p95 = Self.quantile(0.95, of: sorted) / unit
    }

    /// The smallest value that `share` of all do not exceed.
    private static func quantile(_ share: Double, of sorted: [Int64]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return Double(sorted[min(max(rank, 1), sorted.count) - 1])
    }

    private static func batchMeans(_ waits: ContiguousArray<Int64>, count: Int) -> [Double] {
        let size = waits.count / count
        guard size > 0 else { return [] }
        return (0..<count).map { batch in
            waits[batch * size..<(batch + 1) * size].reduce(0) { $0 + Double($1) } / Double(size)
        }
    }

    /// Student's t with 19 degrees of freedom times the standard error of the batches' mean.
    private static func halfWidth(_ means: [Double]) -> Double {
        guard means.count > 1 else { return 0 }
        let mean = means.reduce(0, +) / Double(means.count)
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)
        return 2.093 * (variance / Double(means.count)).squareRoot()
    }
}
