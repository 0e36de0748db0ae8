import Testing

@testable import Assignment

/// Every role against every situation of a chat.
struct ChatAccessTests {
    private static let visitor = Requester(participant: Participant(role: .visitor, id: "v1"))
    private static let stranger = Requester(participant: Participant(role: .visitor, id: "v2"))
    private static let ana = Requester(participant: Participant(role: .commercial, id: "ana"), queues: ["default"])
    private static let luis = Requester(participant: Participant(role: .commercial, id: "luis"), queues: ["default"])
    private static let outsider = Requester(participant: Participant(role: .commercial, id: "eva"), queues: ["ventas"])
    private static let supervisor = Requester(participant: Participant(role: .supervisor, id: "sup"))
    private static let admin = Requester(participant: Participant(role: .admin, id: "adm"))
    private static let bot = Requester(
        participant: Participant(role: .ai, id: "bot"), scopes: [.messaging, .automation])
    private static let otherBot = Requester(participant: Participant(role: .ai, id: "bot2"), scopes: [.messaging])
    private static let analyst = Requester(participant: Participant(role: .ai, id: "ojo"), scopes: [.analytics])

    /// A chat of `v1` in `default`, epoch 3: owned by `bot`, or by `ana` where people own, or offered to `ana`.
    private static func chat(_ status: ChatStatus) -> ChatView {
        let owner: ChatOwner? =
            switch status {
            case .bot: ChatOwner(role: .ai, id: "bot")
            case .active, .paused, .wrapup: ChatOwner(role: .commercial, id: "ana")
            case .waiting, .offered, .offline, .closed: nil
            }
        return ChatView(
            visitorID: "v1", status: status, owner: owner, offeredTo: status == .offered ? "ana" : nil, epoch: 3,
            queue: "default", closedAt: status == .closed ? Timestamp(microseconds: 0) : nil)
    }

    private static func verdict(_ body: () throws(DomainRefusal) -> String) -> String {
        do { return try body() } catch { return error.code.rawValue }
    }

    private static func table(
        _ rows: [(Requester, [String])], _ judge: (ChatAccess) throws(DomainRefusal) -> String
    ) {
        let statuses: [ChatStatus] = [.bot, .waiting, .offered, .active, .paused, .wrapup, .offline, .closed]
        for (requester, expected) in rows {
            #expect(expected.count == statuses.count)
            for (status, expected) in zip(statuses, expected) {
                let access = ChatAccess(requester, self.chat(status))
                let verdict: String
                do { verdict = try judge(access) } catch { verdict = error.code.rawValue }
                #expect(verdict == expected, "\(requester.participant) in \(status)")
            }
        }
    }

    private static func row(_ all: String) -> [String] {
        all.contains(" ") ? all.split(separator: " ").map(String.init) : Array(repeating: all, count: 8)
    }

    @Test
    func posting() {
        //                                    bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (
                    Self.visitor,
                    Self.row("      plain     plain     plain     plain     plain     plain     plain     bad_state")
                ),
                (Self.stranger, Self.row("not_found")),
                (
                    Self.ana,
                    Self.row(
                        "          takesOver takesOver accepts   plain     plain     plain     takesOver bad_state")
                ),
                (
                    Self.luis,
                    Self.row("         takesOver takesOver not_owner not_owner not_owner not_owner takesOver bad_state")
                ),
                (Self.outsider, Self.row("forbidden")),
                (
                    Self.bot,
                    Self.row(
                        "          plain     not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Self.otherBot,
                    Self.row("     not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (Self.analyst, Self.row("forbidden")),
                (
                    Self.supervisor,
                    Self.row("   forbidden forbidden forbidden forbidden forbidden forbidden forbidden bad_state")
                ),
                (
                    Self.admin,
                    Self.row("        forbidden forbidden forbidden forbidden forbidden forbidden forbidden bad_state")
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
        for requester in [Self.supervisor, Self.admin] {
            for status in ChatStatus.allCases where status.isOpen {
                let access = ChatAccess(requester, Self.chat(status))
                #expect(Self.verdict { () throws(DomainRefusal) in "\(try access.post(joined: .barge))" } == "plain")
                #expect(
                    Self.verdict { () throws(DomainRefusal) in "\(try access.post(joined: .monitor))" } == "forbidden")
            }
        }
    }

    @Test(arguments: [(Int64?.none, "plain"), (3, "plain"), (2, "stale_epoch"), (4, "stale_epoch")])
    func epochFencesTheOwner(_ epoch: Int64?, _ expected: String) {
        let access = ChatAccess(Self.bot, Self.chat(.bot))
        #expect(Self.verdict { () throws(DomainRefusal) in "\(try access.post(epoch: epoch))" } == expected)
        // After a handoff the bot is told who has the chat, whatever epoch it names.
        let later = ChatAccess(Self.bot, Self.chat(.active))
        #expect(Self.verdict { () throws(DomainRefusal) in "\(try later.post(epoch: epoch))" } == "not_owner")
    }

    @Test
    func notes() {
        let staff = Self.row("ok ok ok ok ok ok ok bad_state")
        Self.table(
            [
                (Self.visitor, Self.row("forbidden")), (Self.stranger, Self.row("not_found")), (Self.ana, staff),
                (Self.luis, staff), (Self.outsider, Self.row("forbidden")), (Self.bot, staff), (Self.otherBot, staff),
                (Self.analyst, staff), (Self.supervisor, staff), (Self.admin, staff),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.note()
            return "ok"
        }
    }

    @Test
    func closing() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (Self.visitor, Self.row("forbidden")),
                (Self.stranger, Self.row("not_found")),
                (
                    Self.ana,
                    Self.row("       not_owner not_owner not_owner closes    closes    closes    not_owner already")
                ),
                (
                    Self.luis,
                    Self.row("      not_owner not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (Self.outsider, Self.row("forbidden")),
                (
                    Self.bot,
                    Self.row("       closes    not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (
                    Self.otherBot,
                    Self.row("  not_owner not_owner not_owner not_owner not_owner not_owner not_owner already")
                ),
                (
                    Self.supervisor,
                    Self.row("closes    closes    closes    closes    closes    closes    closes    already")
                ),
                (
                    Self.admin,
                    Self.row("     closes    closes    closes    closes    closes    closes    closes    already")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.close() ? "closes" : "already" }
    }

    @Test
    func escalating() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (
                    Self.visitor,
                    Self.row("   ok        ok        ok        ok        ok        ok        ok        bad_state")
                ),
                (Self.stranger, Self.row("not_found")),
                (
                    Self.ana,
                    Self.row("       not_owner not_owner not_owner ok        ok        ok        not_owner bad_state")
                ),
                (
                    Self.luis,
                    Self.row("      not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (Self.outsider, Self.row("forbidden")),
                (
                    Self.bot,
                    Self.row("       ok        not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Self.otherBot,
                    Self.row("  not_owner not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (
                    Self.supervisor,
                    Self.row("ok        ok        ok        ok        ok        ok        ok        bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.escalate()
            return "ok"
        }
    }

    @Test
    func assigningToAna() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (Self.visitor, Self.row("forbidden")),
                (Self.stranger, Self.row("not_found")),
                (
                    Self.ana,
                    Self.row("       assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
                (Self.luis, Self.row("forbidden")),
                (Self.outsider, Self.row("forbidden")),
                (
                    Self.bot,
                    Self.row("       assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
                (Self.otherBot, Self.row("forbidden")),
                (
                    Self.supervisor,
                    Self.row("assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.assign(to: .commercial("ana")) == .already ? "already" : "assigns"
        }
    }

    @Test
    func assigningToLuis() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (
                    Self.ana,
                    Self.row("       forbidden forbidden forbidden assigns   assigns   bad_state forbidden forbidden")
                ),
                (
                    Self.luis,
                    Self.row("      assigns   assigns   conflict  conflict  conflict  bad_state assigns   bad_state")
                ),
                (
                    Self.bot,
                    Self.row("       assigns   assigns   assigns   conflict  conflict  bad_state assigns   bad_state")
                ),
                (
                    Self.supervisor,
                    Self.row("assigns   assigns   assigns   assigns   assigns   bad_state assigns   bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.assign(to: .commercial("luis")) == .already ? "already" : "assigns"
        }
    }

    @Test
    func assigningToAnybody() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (
                    Self.ana,
                    Self.row("       forbidden forbidden forbidden queues    queues    bad_state forbidden forbidden")
                ),
                (Self.luis, Self.row("forbidden")),
                (
                    Self.bot,
                    Self.row("       queues    queues    already   conflict  conflict  bad_state queues    bad_state")
                ),
                (
                    Self.supervisor,
                    Self.row("queues    queues    already   queues    queues    bad_state queues    bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.assign(to: .anybody) == .already ? "already" : "queues" }
    }

    @Test
    func anAssignmentBuiltOnAnOldEpochConflicts() {
        let access = ChatAccess(Self.bot, Self.chat(.waiting))
        let refusal = #expect(throws: DomainRefusal.self) {
            try access.assign(to: .commercial("luis"), expectedEpoch: 2)
        }
        #expect(refusal?.code == .conflict)
        #expect(refusal?.details == [.owner(nil, epoch: 3)])
        #expect(throws: DomainRefusal.self) { try access.assign(to: .commercial("luis"), force: true) }
    }

    @Test
    func takingOver() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Self.table(
            [
                (Self.visitor, Self.row("forbidden")),
                (
                    Self.ana,
                    Self.row("       takes     takes     has       has       has       has       takes     bad_state")
                ),
                (
                    Self.luis,
                    Self.row("      takes     takes     conflict  conflict  conflict  bad_state takes     bad_state")
                ),
                (Self.bot, Self.row("forbidden")),
                (
                    Self.supervisor,
                    Self.row("takes     takes     takes     takes     takes     takes     takes     bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.takeOver() ? "takes" : "has" }
    }

    @Test
    func joining() {
        for (requester, normal, monitor) in [
            (Self.visitor, "ok", "forbidden"), (Self.stranger, "not_found", "not_found"), (Self.ana, "ok", "forbidden"),
            (Self.outsider, "forbidden", "forbidden"), (Self.bot, "ok", "forbidden"),
            (Self.analyst, "ok", "forbidden"), (Self.supervisor, "ok", "ok"), (Self.admin, "ok", "ok"),
        ] {
            for (mode, expected) in [(JoinMode.normal, normal), (.monitor, monitor), (.barge, monitor)] {
                let verdict = Self.verdict { () throws(DomainRefusal) in
                    try ChatAccess(requester, Self.chat(.closed)).join(mode)
                    return "ok"
                }
                #expect(verdict == expected, "\(requester.participant) \(mode)")
            }
        }
    }

    @Test
    func reopening() {
        func verdict(_ requester: Requester, _ status: ChatStatus, after: Int64, other: Bool = false) -> String {
            Self.verdict { () throws(DomainRefusal) in
                try ChatAccess(requester, Self.chat(status)).reopen(
                    now: Timestamp(microseconds: after * 1000), windowMilliseconds: 1000, hasOtherOpenChat: other)
                return "ok"
            }
        }
        #expect(verdict(Self.visitor, .closed, after: 1000) == "ok")
        #expect(verdict(Self.visitor, .closed, after: 1001) == "bad_state")
        #expect(verdict(Self.visitor, .closed, after: 0, other: true) == "conflict")
        #expect(verdict(Self.stranger, .closed, after: 0) == "not_found")
        #expect(verdict(Self.ana, .closed, after: 99_999) == "ok")
        #expect(verdict(Self.outsider, .closed, after: 0) == "forbidden")
        #expect(verdict(Self.bot, .closed, after: 0) == "forbidden")
        #expect(verdict(Self.admin, .closed, after: 99_999) == "ok")
        #expect(verdict(Self.admin, .active, after: 0) == "bad_state")
    }

    @Test
    func offersAreAnsweredInTime() {
        let deadline = Timestamp(microseconds: 100)
        func verdict(_ requester: Requester, _ status: ChatStatus, now: Int64) -> String {
            Self.verdict { () throws(DomainRefusal) in
                try ChatAccess(requester, Self.chat(status))
                    .answerOffer(deadline: deadline, now: Timestamp(microseconds: now))
                return "ok"
            }
        }
        #expect(verdict(Self.ana, .offered, now: 99) == "ok")
        #expect(verdict(Self.ana, .offered, now: 100) == "offer_expired")
        #expect(verdict(Self.luis, .offered, now: 0) == "offer_expired")
        #expect(verdict(Self.ana, .active, now: 0) == "offer_expired")
        #expect(verdict(Self.supervisor, .offered, now: 0) == "forbidden")
        #expect(verdict(Self.visitor, .offered, now: 0) == "forbidden")
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
