import Testing

@testable import Assignment

/// Every role against every situation of a chat: reading, writing, beginning and ending.
struct ChatAccessTests {
    private typealias Cast = AccessCast

    @Test
    func posting() {
        //                                    bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (
                    Cast.visitor,
                    Cast.row("      plain     plain     plain     plain     plain     plain     plain     bad_state")
                ),
                (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row(
                        "          takesOver takesOver accepts   plain     plain     bad_state takesOver bad_state")
                ),
                (
                    Cast.luis,
                    Cast.row("         takesOver takesOver not_owner not_owner not_owner not_owner takesOver bad_state")
                ),
                (Cast.outsider, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row(
                        "          plain     not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Cast.otherBot,
                    Cast.row("     not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (Cast.analyst, Cast.row("forbidden")),
                (
                    Cast.supervisor,
                    Cast.row("   forbidden forbidden forbidden forbidden forbidden forbidden forbidden bad_state")
                ),
                (
                    Cast.admin,
                    Cast.row("        forbidden forbidden forbidden forbidden forbidden forbidden forbidden bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            switch try access.post() {
            case .plain: "plain"
            case .takesOver: "takesOver"
            case .acceptsOffer: "accepts"
            }
        }
    }

    @Test
    func bargingSupervisorsPostWithoutOwning() {
        for requester in [Cast.supervisor, Cast.admin] {
            for status in ChatStatus.allCases where status.isOpen {
                let access = ChatAccess(requester, Cast.chat(status))
                #expect(
                    Cast.verdict { () throws(DomainRefusal) in "\(try access.post(joined: .barge))" }
                        == (status == .wrapup ? "bad_state" : "plain"))
                #expect(
                    Cast.verdict { () throws(DomainRefusal) in "\(try access.post(joined: .monitor))" } == "forbidden")
            }
        }
    }

    @Test(arguments: [(Int64?.none, "plain"), (3, "plain"), (2, "stale_epoch"), (4, "stale_epoch")])
    func epochFencesTheOwner(_ epoch: Int64?, _ expected: String) {
        let access = ChatAccess(Cast.bot, Cast.chat(.bot))
        #expect(Cast.verdict { () throws(DomainRefusal) in "\(try access.post(epoch: epoch))" } == expected)
        // After a handoff the bot is told who has the chat, whatever epoch it names.
        let later = ChatAccess(Cast.bot, Cast.chat(.active))
        #expect(Cast.verdict { () throws(DomainRefusal) in "\(try later.post(epoch: epoch))" } == "not_owner")
    }

    @Test
    func notes() {
        let staff = Cast.row("ok ok ok ok ok ok ok bad_state")
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")), (Cast.stranger, Cast.row("not_found")), (Cast.ana, staff),
                (Cast.luis, staff), (Cast.outsider, Cast.row("forbidden")), (Cast.bot, staff), (Cast.otherBot, staff),
                (Cast.analyst, staff), (Cast.supervisor, staff), (Cast.admin, staff),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.note()
            return "ok"
        }
    }

    @Test
    func closing() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")),
                (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("       not_owner not_owner not_owner closes    closes    closes    not_owner already")
                ),
                (
                    Cast.luis,
                    Cast.row("      not_owner not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (Cast.outsider, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row("       closes    not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (
                    Cast.otherBot,
                    Cast.row("  not_owner not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (
                    Cast.supervisor,
                    Cast.row("closes    closes    closes    closes    closes    closes    closes    already")
                ),
                (
                    Cast.admin,
                    Cast.row("     closes    closes    closes    closes    closes    closes    closes    already")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.close() ? "closes" : "already" }
    }

    @Test
    func escalating() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (
                    Cast.visitor,
                    Cast.row("   ok        ok        ok        ok        ok        bad_state ok        bad_state")
                ),
                (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("       not_owner not_owner not_owner ok        ok        ok        not_owner bad_state")
                ),
                (
                    Cast.luis,
                    Cast.row("      not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (Cast.outsider, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row("       ok        not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Cast.otherBot,
                    Cast.row("  not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Cast.supervisor,
                    Cast.row("ok        ok        ok        ok        ok        ok        ok        bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.escalate()
            return "ok"
        }
    }

    @Test
    func snoozing() {
        //            bot       waiting   offered   active    paused    wrapup    offline   closed
        let staff = "bad_state bad_state bad_state ok        ok        bad_state bad_state bad_state"
        let others = "not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state"
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")), (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("not_owner not_owner not_owner ok        ok        bad_state not_owner bad_state")
                ),
                (Cast.luis, Cast.row(others)), (Cast.outsider, Cast.row("forbidden")),
                (Cast.bot, Cast.row("forbidden")),
                (Cast.supervisor, Cast.row(staff)), (Cast.admin, Cast.row(staff)),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.snooze()
            return "ok"
        }
    }

    @Test
    func resuming() {
        //            bot       waiting   offered   active    paused    wrapup    offline   closed
        let staff = "bad_state bad_state bad_state already   byItself  bad_state bad_state bad_state"
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")), (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("not_owner not_owner not_owner already   byOwner   bad_state not_owner bad_state")
                ),
                (Cast.bot, Cast.row("forbidden")), (Cast.supervisor, Cast.row(staff)), (Cast.admin, Cast.row(staff)),
            ]
        ) { (access) throws(DomainRefusal) in try access.resume().map { "\($0)" } ?? "already" }
    }

    /// A bot that had the chat may still say what it knows once people have it, or are about to; another one may not.
    @Test
    func aBotHandsOverWhatItKnowsAlsoAfterwards() {
        for status in ChatStatus.allCases {
            let expected = status == .closed ? "bad_state" : status == .bot ? "not_owner" : "ok"
            let verdict = Cast.verdict { () throws(DomainRefusal) in
                try ChatAccess(Cast.otherBot, Cast.chat(status)).escalate(hadIt: true)
                return "ok"
            }
            #expect(verdict == expected, "\(status)")
        }
    }

    @Test
    func joining() {
        for (requester, normal, monitor) in [
            (Cast.visitor, "ok", "forbidden"), (Cast.stranger, "not_found", "not_found"), (Cast.ana, "ok", "forbidden"),
            (Cast.outsider, "forbidden", "forbidden"), (Cast.bot, "ok", "forbidden"),
            (Cast.analyst, "ok", "forbidden"), (Cast.supervisor, "ok", "ok"), (Cast.admin, "ok", "ok"),
        ] {
            for (mode, expected) in [(JoinMode.normal, normal), (.monitor, monitor), (.barge, monitor)] {
                let verdict = Cast.verdict { () throws(DomainRefusal) in
                    try ChatAccess(requester, Cast.chat(.closed)).join(mode)
                    return "ok"
                }
                #expect(verdict == expected, "\(requester.participant) \(mode)")
            }
        }
    }

    @Test
    func reopening() {
        func verdict(_ requester: Requester, _ status: ChatStatus, after: Int64, other: Bool = false) -> String {
            Cast.verdict { () throws(DomainRefusal) in
                try ChatAccess(requester, Cast.chat(status)).reopen(
                    now: Timestamp(microseconds: after * 1000), windowMilliseconds: 1000, hasOtherOpenChat: other)
                return "ok"
            }
        }
        #expect(verdict(Cast.visitor, .closed, after: 1000) == "ok")
        #expect(verdict(Cast.visitor, .closed, after: 1001) == "bad_state")
        #expect(verdict(Cast.visitor, .closed, after: 0, other: true) == "conflict")
        #expect(verdict(Cast.stranger, .closed, after: 0) == "not_found")
        #expect(verdict(Cast.ana, .closed, after: 99_999) == "ok")
        #expect(verdict(Cast.outsider, .closed, after: 0) == "forbidden")
        #expect(verdict(Cast.bot, .closed, after: 0) == "forbidden")
        #expect(verdict(Cast.admin, .closed, after: 99_999) == "ok")
        #expect(verdict(Cast.admin, .active, after: 0) == "bad_state")
    }

    @Test
    func whereAVisitorsMessageGoes() {
        func decide(_ open: String?, _ closed: (chatID: String, closedAt: Timestamp)?) -> VisitorDestination {
            VisitorDestination.decide(
                openChatID: open, lastClosed: closed, now: Timestamp(microseconds: 1_000_000), windowMilliseconds: 500)
        }
        let recent = ("c1", Timestamp(microseconds: 500_000))
        let old = ("c1", Timestamp(microseconds: 499_999))
        #expect(decide("c2", recent) == .open(chatID: "c2"))
        #expect(decide(nil, recent) == .reopen(chatID: "c1"))
        #expect(decide(nil, old) == .create(previousChatID: "c1"))
        #expect(decide(nil, nil) == .create(previousChatID: nil))
    }

    @Test
    func updates() throws {
        #expect(try ChatUpdateRules.priority(from: .high, to: .low, by: .commercial) == .low)
        #expect(try ChatUpdateRules.priority(from: .high, to: .urgent, by: .ai) == .urgent)
        #expect(throws: DomainRefusal.self) { try ChatUpdateRules.priority(from: .high, to: .low, by: .ai) }
        #expect(try ChatUpdateRules.tags(current: ["a"], set: ["b"], add: [], remove: [], by: .ai) == ["a", "b"])
        #expect(
            try ChatUpdateRules.tags(current: ["a"], set: ["b", "c"], add: ["b", "d"], remove: ["c"], by: .commercial)
                == ["b", "d"])
        #expect(throws: DomainRefusal.self) {
            try ChatUpdateRules.tags(current: ["a"], set: nil, add: [], remove: ["a"], by: .ai)
        }
    }
}
