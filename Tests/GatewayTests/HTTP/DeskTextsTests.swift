import Assignment
import NIOCore
import Testing

@testable import Gateway

/// The desk says in words what events say in identifiers.
@Suite struct DeskTextsTests {
    private static let texts = String(buffer: PageFile["/commercial-texts.js"]?.body ?? ByteBuffer())

    @Test("Every trigger of an escalation has a word in both languages", arguments: EscalationTrigger.allCases)
    func triggers(trigger: EscalationTrigger) {
        #expect(Self.texts.split(separator: "\(trigger.rawValue): \"").count == 3, "\(trigger.rawValue)")
    }

    @Test(
        "So have what is no trigger, and what is told to supervisors",
        arguments: [
            "bot_loop", "sentiment_alert", "offers_rejected", "agent_lost", "drained", "offer_timeout", "overflow",
            "transferred",
            "transfer_returned", "taken_over", "reassigned", "reopened", "snooze_over", "visitor_message", "bot_gone",
            "bot_timeout", "routed",
        ])
    func others(word: String) {
        #expect(Self.texts.split(separator: "\(word): \"").count == 3, "\(word)")
    }
}
