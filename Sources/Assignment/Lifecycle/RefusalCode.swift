/// The error codes of the event contract (docs/events.md, "Error codes"): the only ones that ever reach a client.
package enum RefusalCode: String, Sendable, Hashable, CaseIterable {
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case badPayload = "bad_payload"
    case badState = "bad_state"
    case notOwner = "not_owner"
    case staleEpoch = "stale_epoch"
    case offerExpired = "offer_expired"
    case capacityFull = "capacity_full"
    case noAgents = "no_agents"
    case rateLimited = "rate_limited"
    case tooLarge = "too_large"
    case conflict
    case unavailable
    case workspaceFull = "workspace_full"
    case unknownEvent = "unknown_event"
}
