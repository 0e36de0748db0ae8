import Testing

@testable import Assignment

/// Promises and what is done with them; visitors who turn out to be one.
struct PromiseTests {
    private static let due = Timestamp(microseconds: 100_000_000)
    private static let warn = Timestamp(microseconds: 70_000_000)

    private static func at(_ second: Int64) -> Timestamp { Timestamp(microseconds: second * 1_000_000) }

    struct Row: Sendable {
        var now: Int64
        var isWarned = false
        var isReported = false
        var ended: Int64?
        var step: Promise.Step
    }

    static let rows: [Row] = [
        Row(now: 10, step: .lookAgain(warn)),
        Row(now: 70, step: .warn),
        Row(now: 99, step: .warn),
        Row(now: 71, isWarned: true, step: .lookAgain(due)),
        Row(now: 100, isWarned: true, step: .reportBreach),
        // Nobody looked in time to warn: a warning after the breach helps nobody.
        Row(now: 200, step: .reportBreach),
        Row(now: 200, isReported: true, step: .rest),
        Row(now: 80, ended: 75, step: .rest),
        Row(now: 200, ended: 99, step: .rest),
        // Answered late, before anybody looked.
        Row(now: 200, ended: 100, step: .reportBreach),
        Row(now: 200, isReported: true, ended: 150, step: .rest),
    ]

    @Test(arguments: rows)
    func eachIsWarnedOfAndReportedOnce(_ row: Row) {
        let promise = Promise(
            dueAt: Self.due, warnAt: Self.warn, isWarned: row.isWarned, isBreachReported: row.isReported,
            endedAt: row.ended.map(Self.at))
        #expect(promise.next(now: Self.at(row.now)) == row.step)
    }

    @Test
    func withoutAWarningThereIsOnlyTheEnd() {
        let promise = Promise(dueAt: Self.due)
        #expect(promise.next(now: Self.at(99)) == .lookAgain(Self.due))
        #expect(promise.next(now: Self.at(100)) == .reportBreach)
    }

    @Test
    func theChatInWhichTheVisitorWroteLastGoesOn() {
        func chat(_ id: String, _ status: ChatStatus = .bot, wrote: Int64? = nil, created: Int64 = 0)
            -> VisitorMerge.OpenChat
        {
            .init(id: id, status: status, lastVisitorAt: wrote.map(Self.at), createdAt: Self.at(created))
        }
        let rows: [(VisitorMerge.OpenChat, VisitorMerge.OpenChat, stays: String)] = [
            (chat("a", wrote: 2), chat("b", wrote: 1), "a"),
            (chat("a", wrote: 1), chat("b", wrote: 2), "b"),
            (chat("a", created: 5), chat("b", wrote: 2), "a"),
            (chat("a", .wrapup, wrote: 9), chat("b", .active, wrote: 2), "b"),
            (chat("b", wrote: 1), chat("a", wrote: 1), "a"),
        ]
        for (one, other, stays) in rows {
            for pair in [VisitorMerge.keep(one, other), VisitorMerge.keep(other, one)] {
                #expect(pair.stays == stays)
                #expect(Set([pair.stays, pair.ends]) == ["a", "b"])
            }
        }
    }

    @Test(arguments: [
        (false, true, false, true), (false, true, true, true), (true, true, true, true), (true, true, false, false),
        (false, false, false, false), (true, false, true, false),
    ])
    func nobodyBecomesSomebodyForWhomNobodyVouches(
        _ isVerified: Bool, _ isTargetVerified: Bool, _ isSame: Bool, _ isFine: Bool
    ) {
        var refusal: DomainRefusal?
        do {
            try VisitorMerge.check(isVerified: isVerified, isTargetVerified: isTargetVerified, isSame: isSame)
        } catch { refusal = error }
        #expect(refusal?.code == (isFine ? nil : .forbidden))
    }
}
