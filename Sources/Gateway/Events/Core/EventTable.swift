/// Every event that a client may send. One line each; docs/events.md has a section for each, and a test compares.
enum EventTable {
    static let events: [any ClientEvent.Type] = [
        // Messages
        MessageSend.self,
        AgentWhisper.self,
        MessageDelta.self,
        MessageCancel.self,
        MessageReadMark.self,
        TypingStart.self,
        TypingStop.self,
        // Chats
        ChatCreate.self,
        ChatJoin.self,
        ChatLeave.self,
        ChatHistory.self,
        ChatClose.self,
        ChatReopen.self,
        ChatUpdate.self,
        ChatSnooze.self,
        ChatResume.self,
        CSATSubmit.self,
        // Visitors
        VisitorAction.self,
        VisitorConsent.self,
        VisitorIdentify.self,
        // Connection
        Ping.self,
        SessionRefresh.self,
        // Assignment
        ChatEscalate.self,
        ChatAssign.self,
        ChatAccept.self,
        ChatReject.self,
        ChatTransfer.self,
        ChatHandback.self,
        SupervisorTakeover.self,
        SupervisorMonitor.self,
        SupervisorBarge.self,
        CommercialStatus.self,
        TriggerHighConversionFlow.self,
        // Assistance
        NotificationSend.self,
        NotificationAck.self,
        AssistanceSuggestions.self,
        AssistanceFeedback.self,
    ]

    static let byName: [String: any ClientEvent.Type] = Dictionary(
        events.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
