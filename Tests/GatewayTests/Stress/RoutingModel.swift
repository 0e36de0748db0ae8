import Assignment
import SocketIO
import Storage
import Testing

@testable import Gateway

/// Random steps of chats through the use cases, the dispatcher and the sweeper.
enum RoutingModel {
    static let people = [("ana", 2), ("beto", 1), ("carla", 3)]
    static let visitors = (0..<8).map { "v\($0)" }
    /// What no visitor may ever be sent.
    static let secret = "SECRETO"

    enum Step: CaseIterable, Hashable {
        case arrive, say, sayTwice, answer, answerLate, answerUninvited, note, whisper, escalate, accept, reject,
            timeout
        case disconnect, vanish, reconnect, cap, away, back
        case transfer, toQueue, force, close, snooze, resume, wake, wrapUp, wrapUpOver, reopen
    }

    static let mixture =
        Step.allCases + [
            .arrive, .arrive, .arrive, .say, .answer, .answer, .accept, .accept, .reconnect, .back, .back, .escalate,
            .answerLate, .snooze, .resume, .resume, .wrapUp, .wrapUpOver, .reopen,
        ]

    // MARK: Steps

    /// Takes a step where it is legal.
    ///
    /// - Returns: Whether it was.
    static func take(_ step: Step, _ draw: UInt64, _ fixture: AssignmentFixture) async throws -> Bool {
        do {
            return try await self.tryToTake(step, draw, fixture)
        } catch {
            // A refusal is an answer; anything else is a fault.
            if EventError.isUnforeseen(error) { throw error }
            return false
        }
    }

    static func tryToTake(_ step: Step, _ draw: UInt64, _ fixture: AssignmentFixture) async throws -> Bool {
        let visitor = Self.visitors[Int(draw % UInt64(Self.visitors.count))]
        let (person, cap) = Self.people[Int(draw / 11 % UInt64(Self.people.count))]
        switch step {
        case .arrive:
            let priority = Priority.allCases[Int(draw / 7 % UInt64(Priority.allCases.count))]
            _ = try await fixture.chat(visitor, bot: draw / 5 % 3 == 0 ? "bot" : nil, priority: priority)
        case .disconnect:
            await fixture.presence.closed("socket-commercial-\(person)")
            if draw / 31 % 2 == 0 { try await Self.endGraces(fixture) }
        case .vanish:
            try await fixture.lapseLeases(of: person)
            try await fixture.sweeper.sweep()
            try await Self.endGraces(fixture)
        case .reconnect:
            try await fixture.connect(.commercial, person)
        case .cap:
            try await fixture.run { _ = try Commercials.setCap($0.sql, fixture.workspace, person, Int(draw / 31 % 4)) }
        case .away, .back:
            try await fixture.run {
                _ = try Commercials.declare(
                    $0.sql, fixture.workspace, person, step == .away ? .away : .available)
                if step == .back { _ = try Commercials.setCap($0.sql, fixture.workspace, person, cap) }
            }
        case .wake, .wrapUpOver:
            // Whatever of that kind is due next, now.
            let due = try await fixture.run { transaction in
                step == .wake
                    ? try transaction.sql.execute(
                        """
                        update chats set look_at = clock_timestamp()
                        where id = (select id from chats where status = 'paused' order by id limit 1)
                        """)
                    : try transaction.sql.execute(
                        """
                        update assignments set deadline = clock_timestamp()
                        where id = (
                            select id from assignments where state = 'wrapup' and ended_at is null order by id limit 1)
                        """)
            }
            guard due > 0 else { return false }
            try await fixture.sweeper.sweep()
        case .reopen:
            return try await Self.reopen(draw, fixture)
        case .timeout:
            let due = try await fixture.run { transaction in
                try transaction.sql.execute(
                    """
                    update assignments set deadline = clock_timestamp()
                    where id = (
                        select id from assignments where state = 'offered' and ended_at is null order by id limit 1)
                    """)
            }
            guard due > 0 else { return false }
            try await fixture.sweeper.sweep()
        case .say, .sayTwice, .answer, .answerLate, .answerUninvited, .note, .whisper, .escalate, .accept, .reject,
            .transfer, .toQueue, .force, .close,
            .snooze, .resume, .wrapUp:
            let first = Int(draw % UInt64(Self.visitors.count))
            for candidate in Self.visitors[first...] + Self.visitors[..<first] {
                guard let chat = try await Self.open(candidate, fixture), Self.fits(step, chat) else { continue }
                return try await self.tryToTake(step, chat, person, fixture)
            }
            return false
        }
        return true
    }

    static func tryToTake(
        _ step: Step, _ chat: ChatRow, _ person: String, _ fixture: AssignmentFixture
    ) async throws -> Bool {
        let visitor = fixture.principal(.visitor, chat.visitorID)
        let settings = fixture.configuration.routing
        switch step {
        case .say:
            try await fixture.say("¿sigue ahí?", in: chat.id)
        case .escalate:
            let use = EscalateChat(principal: visitor, chatID: chat.id, reason: nil, trigger: nil)
            _ = try await fixture.run { try use.run($0) }
        case .accept, .reject:
            let offered = try await fixture.run { try Assignments.live($0.sql, of: $0.lock(chat.id))?.commercialID }
            let use = AnswerOffer(
                principal: fixture.principal(.commercial, offered ?? person), assignmentID: nil, chatID: chat.id,
                answer: step == .accept ? .accept : .reject(reason: "lunch"))
            _ = try await fixture.run { try use.run($0) }
        case .transfer, .toQueue, .force:
            var use = AssignChat(
                principal: fixture.principal(.supervisor, "sofia"), chatID: chat.id,
                commercialID: step == .toQueue ? nil : person)
            use.force = step == .force
            let made = use
            _ = try await fixture.run { try made.run($0, settings) }
        case .close:
            try await fixture.run { transaction in
                _ = try transaction.close(transaction.lock(chat.id), reason: .resolved, by: .system)
            }
        case .wrapUp:
            try await fixture.run { transaction in
                let chat = try transaction.lock(chat.id)
                guard let owner = chat.owner else { return }
                _ = try transaction.wrapUp(chat, reason: .resolved, by: owner, milliseconds: 600_000)
            }
        case .snooze, .resume:
            let owner = fixture.principal(.commercial, chat.owner?.id ?? person)
            try await fixture.run { transaction in
                let until = try Workspaces.now(transaction.sql).advanced(byMilliseconds: 3_600_000)
                if step == .snooze {
                    _ = try SnoozeChat(principal: owner, chatID: chat.id, until: until).run(transaction)
                } else {
                    _ = try ResumeChat(principal: owner, chatID: chat.id).run(transaction)
                }
            }
        case .note, .whisper:
            try await fixture.run { transaction in
                let chat = try transaction.lock(chat.id)
                let isWhisper = step == .whisper
                let note = try Notes.append(
                    transaction.sql, chat,
                    NewMessage(
                        sender: Participant(role: .supervisor, id: "sofia"), type: isWhisper ? .whisper : .note,
                        content: Self.secret),
                    for: isWhisper ? chat.owner?.id : nil)
                transaction.recorded(note.event)
            }
        case .sayTwice:
            return try await Self.sayTwice(in: chat, fixture)
        case .answer:
            guard let owner = chat.owner else { return false }
            try await Self.answer(in: chat, as: owner, epoch: chat.epoch, fixture)
        case .answerLate, .answerUninvited:
            do {
                let isLate = step == .answerLate
                let stranger = Participant(role: .ai, id: "other")
                try await Self.answer(
                    in: chat, as: isLate ? chat.owner ?? stranger : stranger,
                    epoch: isLate ? chat.epoch - 1 : chat.epoch, fixture)
            } catch {
                // As it ought to be; what is let in is the judge's to find.
                if EventError.isUnforeseen(error) { throw error }
            }
        default:
            return false
        }
        return true
    }

    /// Whether the step can be legal in the chat's status, so that seldom ones are taken often enough.
    static func fits(_ step: Step, _ chat: ChatRow) -> Bool {
        switch step {
        case .escalate, .answerLate: chat.status == .bot
        case .answer: chat.status == .bot || chat.status == .active
        case .accept, .reject: chat.status == .offered
        case .snooze, .wrapUp, .whisper: chat.status == .active
        case .resume: chat.status == .paused
        default: true
        }
    }

    static func open(_ visitor: String, _ fixture: AssignmentFixture) async throws -> ChatRow? {
        try await fixture.run { try Chats.lockOpen($0.sql, fixture.workspace, visitor: visitor) }
    }

    /// A public message of a bot's or person's, judged as `message:send` judges it. In which epoch its sender believes to
    /// be stands with it, for the judge.
    private static func answer(
        in chat: ChatRow, as sender: Participant, epoch: Int64, _ fixture: AssignmentFixture
    ) async throws {
        let principal = fixture.principal(sender.role, sender.id)
        let isBot = sender.role == .ai
        let send = SendMessage(
            principal: principal, mode: nil, origin: nil, chatID: chat.id, isPrivate: false, epoch: epoch,
            message: NewMessage(
                sender: principal.participant, type: isBot ? .aiResponse : .agent, content: "un momento",
                inReplyToSeq: isBot && chat.lastVisitorSeq > 0 ? chat.lastVisitorSeq : nil,
                metadata: JSONText(["epoch": .int(epoch)])))
        try await fixture.run { transaction in
            let chat = try transaction.lock(chat.id)
            _ = try send.postAsStaff(transaction, chat, transaction.access(principal, chat), fixture.router)
        }
    }

    /// The same message by the same client id, stored once whoever tries.
    private static func sayTwice(in chat: ChatRow, _ fixture: AssignmentFixture) async throws -> Bool {
        let message = NewMessage(
            sender: Participant(role: .visitor, id: chat.visitorID), type: .user, content: "¿y esto?",
            clientMessageID: "twice-\(chat.seq)")
        func post() async throws {
            try await fixture.run { transaction in
                let posted = try Messages.append(transaction.sql, transaction.lock(chat.id), message)
                transaction.recorded(posted.event)
            }
        }
        try await post()
        let refusal = await #expect(throws: StorageError.self) { try await post() }
        #expect(refusal?.constraint == "messages_client_id")
        return true
    }

    /// A visitor whose chat is over takes it up again.
    private static func reopen(_ draw: UInt64, _ fixture: AssignmentFixture) async throws -> Bool {
        let first = Int(draw % UInt64(Self.visitors.count))
        for candidate in Self.visitors[first...] + Self.visitors[..<first] {
            guard try await Self.open(candidate, fixture) == nil else { continue }
            let visitor = fixture.principal(.visitor, candidate)
            let reopened = try await fixture.run { transaction -> ChatRow? in
                guard
                    let last = try Chats.lockLastClosed(
                        transaction.sql, fixture.workspace, visitor: candidate, within: 3_600_000)
                else { return nil }
                return try VisitorChats(
                    transaction: transaction, visitor: visitor, configuration: fixture.configuration
                ).reopen(last, by: visitor.participant)
            }
            if reopened != nil { return true }
        }
        return false
    }

    static func endGraces(_ fixture: AssignmentFixture) async throws {
        try await fixture.run { transaction in
            try transaction.sql.execute(
                "update commercials set grace_until = clock_timestamp() where grace_until is not null")
        }
        try await fixture.sweeper.sweep()
    }
}
