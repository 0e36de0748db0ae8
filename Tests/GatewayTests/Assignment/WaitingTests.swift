import Assignment
import Storage
import StorageTestSupport
import Testing

@testable import Gateway

/// What waiting changes: skills relax, circles widen, rounds rest, and who had the visitor is asked first.
@Suite struct WaitingTests {
    private static func apply(_ yaml: String, to fixture: AssignmentFixture) async throws {
        try await ApplyWorkspaceTests.apply(yaml, to: fixture.database, workspace: fixture.workspace)
    }

    /// As if every chat that waits had begun to do so earlier, and every rest were over.
    private static func wait(_ seconds: Int, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            try transaction.sql.execute(
                """
                update chats set queued_at = queued_at - $1 * interval '1 second',
                    offers_rest_until = offers_rest_until - $1 * interval '1 second'
                """,
                [.int(seconds)])
        }
    }

    private static func reject(_ chat: String, _ person: String, _ fixture: AssignmentFixture) async throws {
        let answer = AnswerOffer(
            principal: fixture.principal(.commercial, person), assignmentID: nil, chatID: chat,
            answer: .reject(reason: "lunch"))
        _ = try await fixture.run { try answer.run($0) }
    }

    private static func close(_ chat: String, _ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            _ = try transaction.close(transaction.lock(chat), reason: .resolved, by: .system)
        }
    }

    @Test func skillsOfAChatRelax() async throws {
        try await AssignmentFixture.with { fixture in
            try await fixture.connect(.commercial, "novice")
            try await Self.apply(
                """
                queues:
                  - name: default
                    relax: [{after: 30s, lower: 1}, {after: 60s, without: [returns]}]
                commercials: [{id: novice, skills: {invoices: 2}}]
                """, to: fixture)
            let id = try await fixture.chat("v")
            try await fixture.run { transaction in
                _ = try Chats.update(
                    transaction.sql, transaction.lock(id), ChatChanges(skills: ["invoices": 2, "returns": 1]))
            }
            #expect(try await fixture.dispatchAll() == 0)
            // At 30 s returns is level 0, which is not asked for.
            try await Self.wait(29, fixture)
            #expect(try await fixture.dispatchAll() == 0)
            try await Self.wait(1, fixture)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(id).assignedTo == "novice")
        }
    }

    @Test func aChatOverflowsToAnotherQueueThenToAnybodyThenLeavesWord() async throws {
        try await AssignmentFixture.alone { fixture in
            try await Self.apply(
                """
                queues:
                  - {name: support}
                  - {name: billing}
                  - name: default
                    overflow:
                      - {after: 60s, queues: [support]}
                      - {after: 3m, queues: any}
                      - {after: 10m, offline: true}
                commercials:
                  - {id: sue, cap: 1, queues: {support: 1}}
                  - {id: bill, cap: 1, queues: {billing: 1}}
                """, to: fixture)
            for id in ["sue", "bill"] { try await fixture.connect(.commercial, id) }
            let ids = [
                try await fixture.chat("v1"), try await fixture.chat("v2"), try await fixture.chat("v3"),
            ]
            #expect(try await fixture.dispatchAll() == 0)
            try await Self.wait(60, fixture)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(ids[0]).assignedTo == "sue")
            try await Self.wait(120, fixture)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(ids[1]).assignedTo == "bill")
            try await Self.wait(420, fixture)
            #expect(try await fixture.dispatchAll() == 0)
            let left = try await fixture.read(ids[2])
            #expect(left.status == .offline)
            #expect(left.firstQueuedAt != nil)
            // Without hours it waits again in an hour, at its old place.
            let pause = left.lookAt?.milliseconds(since: left.readAt) ?? 0
            #expect((3_590_000...3_600_000).contains(pause))
            try await fixture.run { transaction in
                try transaction.sql.execute("update chats set look_at = clock_timestamp() where status = 'offline'")
            }
            try await fixture.sweeper.sweep()
            let back = try await fixture.read(ids[2])
            #expect(back.status == .waiting && back.firstQueuedAt == left.firstQueuedAt)
            let told = fixture.events.compactMap {
                if case .chatUpdated(let told) = $0 { told.changes.text } else { nil }
            }
            #expect(told.contains { $0.contains("offline") })
        }
    }

    @Test func whoHadTheVisitorIsAskedFirstAndWaitedFor() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.stickyHold = .seconds(20) }) { fixture in
            try await fixture.connect(.commercial, "ana", cap: 1)
            let first = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            try await Self.close(first, fixture)
            try await fixture.connect(.commercial, "luis", cap: 5)
            // The one who is longer idle would be Luis.
            let second = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            #expect(try await fixture.read(second).assignedTo == "ana")
            try await Self.close(second, fixture)
            // Ana is full, and there: the chat is kept for her, and others are not held up.
            let other = AssignChat(
                principal: fixture.principal(.commercial, "ana"), chatID: try await fixture.chat("w"),
                commercialID: "ana")
            _ = try await fixture.run { try other.run($0, fixture.configuration.routing) }
            let third = try await fixture.chat("v")
            let next = try await fixture.chat("x")
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(third).status == .waiting)
            #expect(try await fixture.read(next).assignedTo == "luis")
            try await Self.wait(20, fixture)
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(third).assignedTo == "luis")
        }
    }

    @Test func nobodyIsWaitedForWhoIsNotThere() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.stickyHold = .seconds(20) }) { fixture in
            try await fixture.connect(.commercial, "ana")
            let first = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            try await Self.close(first, fixture)
            await fixture.presence.closed("socket-commercial-ana")
            try await fixture.connect(.commercial, "luis")
            let second = try await fixture.chat("v")
            #expect(try await fixture.dispatchAll() == 1)
            #expect(try await fixture.read(second).assignedTo == "luis")
        }
    }

    /// Rests of 10, 20 and 40 seconds, then the next circle.
    @Test func threeRoundsThenTheNextStep() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.autoAccept = false }) { fixture in
            try await Self.apply(
                """
                queues:
                  - {name: support}
                  - {name: default, overflow: [{after: 1h, queues: [support]}]}
                commercials: [{id: sue, queues: {support: 1}}]
                """, to: fixture)
            for id in ["ana", "sue"] { try await fixture.connect(.commercial, id) }
            let id = try await fixture.chat("v")
            for rest in [10, 20, 40] {
                #expect(try await fixture.dispatchAll() == 1)
                try await Self.reject(id, "ana", fixture)
                #expect(try await fixture.dispatchAll() == 0)
                let resting = try await fixture.read(id)
                let seconds = resting.offersRestUntil?.milliseconds(since: resting.readAt) ?? 0
                #expect(abs(seconds - Int64(rest) * 1000) < 1000)
                try await Self.wait(rest, fixture)
            }
            // Nobody new, nobody asked four times: the support team.
            #expect(try await fixture.dispatchAll() == 1)
            let offers = fixture.events.compactMap { body -> String? in
                if case .chatOffered(let offer) = body { offer.commercialID } else { nil }
            }
            #expect(offers.prefix(3) == ["ana", "ana", "ana"])
            let step = try await fixture.read(id)
            #expect(step.overflowSteps == 1 && step.offerRound == 1)
            // Three rejections in an hour: supervisors hear of it, once.
            let alerts = fixture.events.compactMap { body -> NotificationRaised? in
                if case .notificationRaised(let raised) = body { raised } else { nil }
            }
            #expect(alerts.count == 1)
        }
    }

    /// Somebody who comes while a chat rests is not made to wait.
    @Test func aRestingChatGoesToWhoeverWasNotAsked() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.autoAccept = false }) { fixture in
            try await fixture.connect(.commercial, "ana")
            let id = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            try await Self.reject(id, "ana", fixture)
            #expect(try await fixture.dispatchAll() == 0)
            try await fixture.connect(.commercial, "luis")
            #expect(try await fixture.dispatchAll() == 1)
        }
    }

    @Test func aGapKeepsTheMorningFloodOut() async throws {
        try await AssignmentFixture.with(configure: { $0.routing.minGap = .seconds(60) }) { fixture in
            try await fixture.connect(.commercial, "ana")
            for number in 0..<3 { try await fixture.chat("v\(number)") }
            #expect(try await fixture.dispatchAll() == 1)
            try await Self.apply("commercials: [{id: ana, minGap: 0}]", to: fixture)
            #expect(try await fixture.dispatchAll() == 2)
        }
    }

    /// What frees a slot rings for those whom it may serve.
    @Test func aFreedSlotRings() async throws {
        try await AssignmentFixture.with { fixture in
            let bell = DispatchBell()
            var calls = bell.calls.makeAsyncIterator()
            try await fixture.connect(.commercial, "ana", cap: 1)
            let id = try await fixture.chat("v")
            _ = try await fixture.dispatchAll()
            let before = fixture.tolds.count
            bell.hear(fixture.tolds)
            try await Self.close(id, fixture)
            bell.hear(Array(fixture.tolds[before...]))
            bell.ring(.overflow(workspace: "end"))
            var heard: Set<DispatchBell.Call> = []
            while let call = await calls.next(), call != .overflow(workspace: "end") { heard.insert(call) }
            let queue = QueueKey(workspace: fixture.workspace, queue: "default")
            #expect(heard == [.queue(queue), .overflow(workspace: fixture.workspace)])
        }
    }

    /// A call during an answer is answered as well.
    @Test func aCallDuringAnAnswerIsNotLost() async {
        let bell = DispatchBell()
        let call = DispatchBell.Call.overflow(workspace: "w")
        bell.ring(call)
        var answers = 0
        await bell.answer(call) {
            answers += 1
            if answers < 3 { bell.ring(call) }
        }
        #expect(answers == 3)
    }
}
