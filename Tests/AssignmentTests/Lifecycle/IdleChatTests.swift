import Testing

@testable import Assignment

/// Silence: who may be closed on, who never.
struct IdleChatTests {
    private static let patience = IdleChat.Patience(active: 1000, bot: 2000, abandoned: 3000)
    private static let now = Timestamp(microseconds: 100_000_000)

    private static func ago(_ milliseconds: Int64) -> Timestamp { now.advanced(byMilliseconds: -milliseconds) }

    struct Row: Sendable {
        var status: ChatStatus
        var visitorSpokeLast = false
        var silent: Int64 = 0
        var gone: Int64?
        var verdict: IdleChat.Verdict
    }

    static let rows: [Row] = [
        Row(status: .active, silent: 999, verdict: .lookAgain(now.advanced(byMilliseconds: 1))),
        Row(status: .active, silent: 1000, verdict: .close(.timeout)),
        Row(status: .bot, silent: 1999, verdict: .lookAgain(now.advanced(byMilliseconds: 1))),
        Row(status: .bot, silent: 2000, verdict: .close(.timeout)),
        // Who waits for an answer keeps the chat, however long.
        Row(
            status: .active, visitorSpokeLast: true, silent: 1_000_000,
            verdict: .lookAgain(now.advanced(byMilliseconds: 1000))),
        Row(
            status: .bot, visitorSpokeLast: true, silent: 1_000_000,
            verdict: .lookAgain(now.advanced(byMilliseconds: 2000))),
        // Who waits in the line as well, while they are there.
        Row(status: .waiting, silent: 1_000_000, verdict: .lookAgain(now.advanced(byMilliseconds: 3000))),
        Row(status: .waiting, visitorSpokeLast: true, gone: 2999, verdict: .lookAgain(now.advanced(byMilliseconds: 1))),
        Row(status: .waiting, visitorSpokeLast: true, gone: 3000, verdict: .close(.abandoned)),
        Row(status: .offline, silent: 1_000_000, gone: 1_000_000, verdict: .leave),
        Row(status: .paused, silent: 1_000_000, gone: 1_000_000, verdict: .leave),
        Row(status: .offered, silent: 1_000_000, gone: 1_000_000, verdict: .leave),
        Row(status: .wrapup, silent: 1_000_000, gone: 1_000_000, verdict: .leave),
    ]

    @Test(arguments: rows)
    func silenceIsJudged(_ row: Row) {
        let chat = IdleChat(
            status: row.status, visitorSpokeLast: row.visitorSpokeLast, silentSince: Self.ago(row.silent),
            visitorGoneSince: row.gone.map(Self.ago))
        #expect(chat.judge(Self.patience, now: Self.now) == row.verdict)
        // Without a limit nothing ever ends.
        #expect(chat.judge(IdleChat.Patience(), now: Self.now) == .leave)
    }

    /// Whatever the clocks say: a visitor who spoke last, or who is there, loses no chat.
    @Test
    func aVisitorWhoWaitsIsNeverClosedOn() {
        for status in ChatStatus.allCases {
            for milliseconds in [Int64(0), 1, 1000, 1_000_000, 4_000_000_000_000] {
                let chat = IdleChat(status: status, visitorSpokeLast: true, silentSince: Self.ago(milliseconds))
                if case .close = chat.judge(Self.patience, now: Self.now) { Issue.record("\(status)") }
            }
        }
    }

    @Test
    func sleepersComeBackToWhomIsThere() {
        for declared in [DeclaredStatus.available, .busy, .away, .offline] {
            let stays = declared == .available || declared == .busy
            #expect(Snooze.staysWithOwner(.byItself, isConnected: true, declared: declared) == stays)
            #expect(!Snooze.staysWithOwner(.byItself, isConnected: false, declared: declared))
            #expect(Snooze.staysWithOwner(.byOwner, isConnected: true, declared: declared))
        }
    }

    @Test(arguments: [(Int64(-1), false), (0, false), (1, true), (Snooze.longest, true), (Snooze.longest + 1, false)])
    func aSleepEndsWithinAYear(_ milliseconds: Int64, _ isFine: Bool) {
        let until = Self.now.advanced(byMilliseconds: milliseconds)
        var refusal: DomainRefusal?
        do { try Snooze.check(until: until, now: Self.now, field: "until") } catch { refusal = error }
        #expect((refusal == nil) == isFine)
        #expect(isFine || refusal?.details == [.field("until")])
    }
}
