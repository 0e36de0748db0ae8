internal import Assignment
internal import Storage

/// Somebody who supervises takes a chat for themselves, whoever has it.
struct TakeOverChat: Sendable {
    let principal: Principal
    let chatID: String
    let reason: String?

    func callAsFunction(_ services: Services) async throws -> Reply {
        let capacity = services.configuration.routing.defaultCapacity
        return try await services.routed(
            services.change(in: self.principal.workspace) { try self.run($0, defaultCapacity: capacity) },
            for: self.principal)
    }

    func run(_ transaction: ChatTransaction, defaultCapacity: Int) throws -> ChatRow {
        let chat = try transaction.lock(self.chatID)
        // Who has it already gets the same answer, and nobody hears of it.
        guard try transaction.access(self.principal, chat).takeOver() else { return chat }
        return try transaction.takeOver(
            chat, by: self.principal.participant, reason: self.reason, defaultCapacity: defaultCapacity)
    }
}
