internal import Assignment
internal import Synchronization

/// What the node takes on at this moment, for everybody who has to know.
final class LoadLevel: Sendable {
    private let current = Atomic<UInt8>(AdmissionControl.Level.everything.rawValue)
    private let memory = Atomic<Bool>(false)

    var level: AdmissionControl.Level {
        get { AdmissionControl.Level(rawValue: self.current.load(ordering: .relaxed)) ?? .everything }
        set { self.current.store(newValue.rawValue, ordering: .relaxed) }
    }

    var isShortOfMemory: Bool {
        get { self.memory.load(ordering: .relaxed) }
        set { self.memory.store(newValue, ordering: .relaxed) }
    }

    /// Refuses what has to wait until there is less to do.
    func admit(_ event: any ClientEvent.Type, by role: Role) throws(EventError) {
        let level = self.level
        guard level > .noNewcomers else { return }
        if event is ChatHistory.Type || (level >= .noVisitors && role == .visitor && Self.isSpeech(event)) {
            throw EventError(.unavailable, "There is too much to do right now; nothing happened.", retryAfterMs: 1000)
        }
    }

    private static func isSpeech(_ event: any ClientEvent.Type) -> Bool {
        event is MessageSend.Type || event is ChatCreate.Type
    }
}
