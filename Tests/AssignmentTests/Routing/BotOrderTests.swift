import Testing

@testable import Assignment

struct BotOrderTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test(
        arguments: [
            ([BotCandidate(id: "a", ownedChats: 2), BotCandidate(id: "b", ownedChats: 1)], [], "b"),
            (
                [
                    BotCandidate(id: "a", ownedChats: 1, lastAssignedAt: at(5)),
                    BotCandidate(id: "b", ownedChats: 1, lastAssignedAt: at(4)),
                ], [], "b"
            ),
            (
                [BotCandidate(id: "a", ownedChats: 1, lastAssignedAt: at(5)), BotCandidate(id: "b", ownedChats: 1)], [],
                "b"
            ),
            ([BotCandidate(id: "a", ownedChats: 2), BotCandidate(id: "b", ownedChats: 1)], ["b"], "a"),
            ([BotCandidate(id: "a", ownedChats: 2)], ["a"], nil),
            ([], [], nil),
        ] as [([BotCandidate], Set<String>, String?)])
    func fewestChatsThenLongestIdle(_ candidates: [BotCandidate], _ tried: Set<String>, _ expected: String?) {
        #expect(BotOrder.next(among: candidates, for: "chat", tried: tried)?.id == expected)
        #expect(BotOrder.next(among: candidates.reversed(), for: "chat", tried: tried)?.id == expected)
    }

    @Test
    func aBotPostsFiveTimesAtMostUnasked() throws {
        for posts in 0..<BotTurn.maximumPosts {
            try BotTurn(postsSinceVisitor: posts, lastSeq: 9).post(inReplyToSeq: nil, isAnswered: false)
        }
        let refusal = #expect(throws: DomainRefusal.self) {
            try BotTurn(postsSinceVisitor: 5, lastSeq: 9).post(inReplyToSeq: nil, isAnswered: false)
        }
        #expect(refusal?.code == .rateLimited)
    }

    @Test(
        arguments: [
            (Int64(9), false, nil), (9, true, RefusalCode.conflict), (10, false, .badPayload), (0, false, .badPayload),
            (-1, true, .badPayload), (1, false, nil),
        ] as [(Int64, Bool, RefusalCode?)])
    func oneAnswerPerMessage(_ seq: Int64, _ isAnswered: Bool, _ expected: RefusalCode?) {
        let turn = BotTurn(postsSinceVisitor: 99, lastSeq: 9)
        var refusal: DomainRefusal?
        do { try turn.post(inReplyToSeq: seq, isAnswered: isAnswered) } catch { refusal = error }
        #expect(refusal?.code == expected)
    }

    @Test
    func moreMessagesDoNotMoveTheDeadline() {
        let first = BotDeadline.afterVisitorMessage(at: Self.at(100), pending: nil, answerTimeoutMilliseconds: 20_000)
        #expect(first == Self.at(120))
        let second = BotDeadline.afterVisitorMessage(
            at: Self.at(110), pending: first, answerTimeoutMilliseconds: 20_000)
        #expect(second == first, "more messages are no excuse")
    }
}
