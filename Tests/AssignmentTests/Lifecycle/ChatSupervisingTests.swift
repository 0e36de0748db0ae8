import Testing

@testable import Assignment

/// Every role against every situation of a chat: who whispers, who gives a chat to a bot, who stops a stream.
struct ChatSupervisingTests {
    private typealias Cast = AccessCast

    @Test
    func whispering() {
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        let people = Cast.row(
            "            bad_state bad_state bad_state ana       ana       ana       bad_state bad_state")
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")), (Cast.stranger, Cast.row("not_found")),
                (Cast.ana, Cast.row("forbidden")), (Cast.outsider, Cast.row("forbidden")),
                (Cast.bot, Cast.row("forbidden")), (Cast.supervisor, people), (Cast.admin, people),
            ]
        ) { (access) throws(DomainRefusal) in try access.whisper() }
        // Nobody whispers to themselves.
        var chat = Cast.chat(.active)
        chat.owner = ChatOwner(role: .supervisor, id: "sup")
        #expect(
            Cast.verdict { () throws(DomainRefusal) in try ChatAccess(Cast.supervisor, chat).whisper() } == "bad_state")
        #expect(Cast.verdict { () throws(DomainRefusal) in try ChatAccess(Cast.admin, chat).whisper() } == "sup")
    }

    @Test
    func givingToABot() {
        let noOne = "not_owner"
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (Cast.visitor, Cast.row("forbidden")),
                (Cast.stranger, Cast.row("not_found")),
                (
                    Cast.ana,
                    Cast.row("       not_owner not_owner not_owner gives     gives     bad_state not_owner bad_state")
                ),
                (Cast.luis, Array(repeating: noOne, count: 7) + ["bad_state"]),
                (Cast.outsider, Cast.row("forbidden")),
                (
                    Cast.bot,
                    Cast.row("       gives     not_owner not_owner not_owner not_owner not_owner not_owner bad_state")
                ),
                (Cast.otherBot, Array(repeating: noOne, count: 7) + ["bad_state"]),
                (Cast.analyst, Cast.row("forbidden")),
                (
                    Cast.supervisor,
                    Cast.row("gives     gives     gives     gives     gives     bad_state gives     bad_state")
                ),
            ]
        ) { (access) throws(DomainRefusal) in try access.handToBot("bot2") ? "gives" : "already" }
        let chat = Cast.chat(.bot)
        for bot in ["bot", nil] {
            #expect(
                Cast.verdict { () throws(DomainRefusal) in
                    try ChatAccess(Cast.supervisor, chat).handToBot(bot) ? "gives" : "already"
                } == "already")
        }
        // A bot that names nobody means another one.
        #expect(
            Cast.verdict { () throws(DomainRefusal) in
                try ChatAccess(Cast.bot, chat).handToBot(nil) ? "gives" : "already"
            } == "gives")
    }

    @Test
    func stoppingAStream() {
        let all = Cast.row("yes")
        //                                 bot       waiting   offered   active    paused    wrapup    offline   closed
        Cast.table(
            [
                (Cast.visitor, all), (Cast.stranger, Cast.row("not_found")), (Cast.supervisor, all),
                (
                    Cast.ana,
                    Cast.row("       not_owner not_owner not_owner yes       yes       yes       not_owner not_owner")
                ),
                (Cast.luis, Cast.row("not_owner")),
                (
                    Cast.bot,
                    Cast.row("       yes       not_owner not_owner not_owner not_owner not_owner not_owner not_owner")
                ),
            ]
        ) { (access) throws(DomainRefusal) in
            try access.cancelStream()
            return "yes"
        }
    }

    @Test
    func botsPassAChatOnAFewTimes() {
        #expect(
            (0..<5).map { BotTurn.mayHandOver(sinceVisitor: $0, altogether: $0) } == [true, true, true, false, false])
        #expect(!BotTurn.mayHandOver(sinceVisitor: 0, altogether: 10))
    }
}
