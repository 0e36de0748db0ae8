internal import Simulation

/// The figures of a run for people to read.
struct SimulationTable {
    let text: String

    init(_ report: SimulationReport, _ scenario: Scenario) {
        var rows: [(name: String, value: String)] = [
            ("policy", report.policy.rawValue),
            ("mean wait", "\(Self.form(report.meanWait)) ± \(Self.form(report.meanWaitWithin))"),
            ("Erlang C", report.erlangC.map { Self.form($0) } ?? "no end"),
            ("p50, p95", "\(Self.form(report.p50)), \(Self.form(report.p95))"),
            ("utilisation", Self.form(report.utilisation)),
            ("fairness (Jain)", Self.form(report.jain)),
        ]
        if let theory = scenario.withImpatience {
            rows.append(("left unanswered", Self.form(report.abandoned)))
            rows.append(("Erlang A", "wait \(Self.form(theory.meanWait)), left \(Self.form(theory.abandoned))"))
        }
        if let calibration = report.calibration {
            let shares = [calibration.shareWithinMedian, calibration.shareWithinNinetieth].map { Self.form($0) }
            rows.append(("told p50 and p90 held", "\(shares.joined(separator: ", ")) of \(calibration.told)"))
        }
        if let asking = report.asking {
            if scenario.work.returning > 0 { rows.append(("same person again", Self.form(asking.stickyHitRate))) }
            if scenario.asking != nil {
                rows.append(("offers a chat", Self.form(asking.offersPerChat)))
                rows.append(
                    ("refused, missed", "\(Self.form(asking.refusedShare)), \(Self.form(asking.missedShare))"))
            }
        }
        if let spread = report.spread {
            rows.append(("spread of utilisation", Self.form(spread.deviation)))
            rows.append(("least, most used", "\(Self.form(spread.lowest)), \(Self.form(spread.highest))"))
        }
        let width = rows.map(\.name.count).max() ?? 0
        self.text = rows.map { row in
            row.name + String(repeating: " ", count: width + 2 - row.name.count) + row.value
        }.joined(separator: "\n")
    }

    /// Four decimals.
    private static func form(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let scaled = Int((value * 10_000).rounded())
        let decimals = String(abs(scaled) % 10_000)
        return (scaled < 0 ? "-" : "") + "\(abs(scaled) / 10_000)."
            + String(repeating: "0", count: 4 - decimals.count) + decimals
    }
}
