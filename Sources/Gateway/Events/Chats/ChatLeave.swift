internal import Assignment
internal import Storage

/// `chat:leave`: this socket hears the chat no longer, until it joins again; what it owns it still owns.
struct ChatLeave: ClientEvent {
    static let name = "chat:leave"
    static let access = EventAccess.everybody

    let chatID: String

    init(_ payload: Payload) throws(EventError) {
        self.chatID = try payload.id("chatId")
    }

    func handle(_ context: EventContext) async throws -> Reply {
        let principal = context.principal
        _ = try await context.services.change(in: context.workspace) { transaction in
            try transaction.access(principal, transaction.find(self.chatID)).see()
        }
        #if DEBUG
            if Mutation.leaveIgnored.isActive { return .ok }
        #endif
        context.socket.leave([
            .chatPublic(context.workspace, self.chatID), .chatStaff(context.workspace, self.chatID),
        ])
        // A bot hears every chat without having joined any: it has to be kept out.
        if principal.role == .ai { context.socket.join([.chatMuted(context.workspace, self.chatID)]) }
        // An event that looked up its receivers a moment ago must not come behind the answer.
        await context.services.relay.pass()
        let key = ChatKey(workspace: context.workspace, chat: self.chatID)
        context.session.setMode(nil, in: self.chatID)
        if let entry = context.services.roster.leave(key, socket: context.socket.id) {
            Participation(chat: key, participant: entry.participant, mode: entry.mode, change: .left)
                .tell(context.services.broadcaster, except: context.socket.id)
        }
        return .ok
    }
}
