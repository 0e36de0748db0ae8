import Testing

@testable import Assignment

/// Everybody who may ask something of a chat, a chat in every status, and tables of one against the other.
enum AccessCast {
    static let visitor = Requester(participant: Participant(role: .visitor, id: "v1"))
    static let stranger = Requester(participant: Participant(role: .visitor, id: "v2"))
    static let ana = Requester(participant: Participant(role: .commercial, id: "ana"), queues: ["default"])
    static let luis = Requester(participant: Participant(role: .commercial, id: "luis"), queues: ["default"])
    static let outsider = Requester(participant: Participant(role: .commercial, id: "eva"), queues: ["ventas"])
    static let supervisor = Requester(participant: Participant(role: .supervisor, id: "sup"))
    static let admin = Requester(participant: Participant(role: .admin, id: "adm"))
    static let bot = Requester(
        participant: Participant(role: .ai, id: "bot"), scopes: [.messaging, .automation])
    static let otherBot = Requester(participant: Participant(role: .ai, id: "bot2"), scopes: [.messaging])
    static let analyst = Requester(participant: Participant(role: .ai, id: "ojo"), scopes: [.analytics])

    /// A chat of `v1` in `default`, epoch 3: owned by `bot`, or by `ana` where people own, or offered to `ana`.
    static func chat(_ status: ChatStatus) -> ChatView {
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

    static func verdict(_ body: () throws(DomainRefusal) -> String) -> String {
        do { return try body() } catch { return error.code.rawValue }
    }

    static func table(
        _ rows: [(Requester, [String])], _ judge: (ChatAccess) throws(DomainRefusal) -> String
    ) {
        let statuses: [ChatStatus] = [.bot, .waiting, .offered, .active, .paused, .wrapup, .offline, .closed]
        for (requester, expected) in rows {
            #expect(expected.count == statuses.count)
            for (status, expected) in zip(statuses, expected) {
                let access = ChatAccess(requester, Self.chat(status))
                let verdict: String
                do { verdict = try judge(access) } catch { verdict = error.code.rawValue }
                #expect(verdict == expected, "\(requester.participant) in \(status)")
            }
        }
    }

    static func row(_ all: String) -> [String] {
        all.contains(" ") ? all.split(separator: " ").map(String.init) : Array(repeating: all, count: 8)
    }
}
