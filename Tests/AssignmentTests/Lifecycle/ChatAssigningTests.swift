import Testing

@testable import Assignment

/// Every role against every situation of a chat: who may give it to whom.
struct ChatAssigningTests {
    private typealias Cast = AccessCast

    @Test
    func assigningToAna() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")),
                (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("       assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
                (Cast.luis, Cast.row("forbidden")),
                (Cast.outsider, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row("       assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
                (Cast.otherBot, Cast.row("forbidden")),
                (
                    Cast.supervisor,
                    Cast.row("assigns   assigns   already   already   already   already   assigns   bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.assign(to: .commercial("ana")) == .already ? "already" : "assigns"
        }
    }

    @Test
    func assigningToLuis() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (
                    Cast.ana,
                    Cast.row("       forbidden forbidden forbidden assigns   assigns   bad_state forbidden forbidden")
                ),
                (
                    Cast.luis,
                    Cast.row("      assigns   assigns   conflict  conflict  conflict  bad_state assigns   bad_state")
                ),
                (
                    Cast.bot,
                    Cast.row("       assigns   assigns   assigns   conflict  conflict  bad_state assigns   bad_state")
                ),
                (
                    Cast.supervisor,
                    Cast.row("assigns   assigns   assigns   assigns   assigns   bad_state assigns   bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.assign(to: .commercial("luis")) == .already ? "already" : "assigns"
        }
    }

    @Test
    func assigningToAnybody() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (
                    Cast.ana,
                    Cast.row("       forbidden forbidden forbidden queues    queues    bad_state forbidden forbidden")
                ),
                (Cast.luis, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row("       queues    queues    already   conflict  conflict  bad_state queues    bad_state")
                ),
                (
                    Cast.supervisor,
                    Cast.row("queues    queues    already   queues    queues    bad_state queues    bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.assign(to: .anybody) == .already ? "already" : "queues" }
    }

    /// What is offered already is not routed again, unless another queue shall have it.
    @Test(arguments: [Cast.bot, Cast.supervisor])
    func anOfferGoesToAnotherQueue(requester: Requester) throws {
        let access = ChatAccess(requester, Cast.chat(.offered))
        #expect(try access.assign(to: .anybody, movesQueue: true) == .toQueue)
        #expect(try access.assign(to: .commercial("ana"), movesQueue: true) == .already)
    }

    @Test
    func anAssignmentBuiltOnAnOldEpochConflicts() {
        let access = ChatAccess(Cast.bot, Cast.chat(.waiting))
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
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")),
                (
                    Cast.ana,
                    Cast.row("       takes     takes     has       has       has       has       takes     bad_state")
                ),
                (
                    Cast.luis,
                    Cast.row("      takes     takes     conflict  conflict  conflict  bad_state takes     bad_state")
                ),
                (Cast.bot, Cast.row("forbidden")),
                (
                    Cast.supervisor,
                    Cast.row("takes     takes     takes     takes     takes     bad_state takes     bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.takeOver() ? "takes" : "has" }
    }

    @Test
    func offersAreAnsweredInTime() {
        let deadline = Timestamp(microseconds: 100)
        func verdict(_ requester: Requester, _ status: ChatStatus, now: Int64) -> String {
            Cast.verdict { () throws(DomainRefusal) in
                try ChatAccess(requester, Cast.chat(status))
                    .answerOffer(deadline: deadline, now: Timestamp(microseconds: now))
                return "ok"
            }
        }
        #expect(verdict(Cast.ana, .offered, now: 99) == "ok")
        #expect(verdict(Cast.ana, .offered, now: 100) == "offer_expired")
        #expect(verdict(Cast.luis, .offered, now: 0) == "offer_expired")
        #expect(verdict(Cast.ana, .active, now: 0) == "offer_expired")
        #expect(verdict(Cast.supervisor, .offered, now: 0) == "forbidden")
        #expect(verdict(Cast.visitor, .offered, now: 0) == "forbidden")
    }
}
