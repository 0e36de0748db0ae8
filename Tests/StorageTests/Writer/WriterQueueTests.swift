import Assignment
import Testing

@testable import Storage

/// What waits, what goes together, and what never does.
@Suite struct WriterQueueTests {
    typealias Queue = WriterQueue<Int>

    private let start = ContinuousClock.now

    private func message(
        _ chat: String, _ text: String = "hola", role: Role = .visitor, id: String? = nil
    ) -> PlainMessage {
        PlainMessage(
            workspaceID: "w", chatID: chat,
            message: NewMessage(
                sender: Participant(role: role, id: "s"), type: .user, content: text, clientMessageID: id))
    }

    private func queue(_ change: (inout Queue.Limits) -> Void = { _ in }) -> Box {
        var limits = Queue.Limits()
        change(&limits)
        return Box(queue: Queue(limits: limits))
    }

    /// A queue that expectations may change.
    private final class Box {
        var queue: Queue

        init(queue: Queue) { self.queue = queue }

        var count: Int { self.queue.count }
        var bytes: Int { self.queue.bytes }

        func append(_ message: PlainMessage, ticket: Int, now: ContinuousClock.Instant) -> Queue.Admission {
            self.queue.append(message, ticket: ticket, now: now)
        }

        func next(now: ContinuousClock.Instant) -> (batch: [Queue.Entry], expired: [Queue.Entry]) {
            self.queue.next(now: now)
        }

        func finished(_ batch: [Queue.Entry]) -> Bool { self.queue.finished(batch) }
        func refused() -> [Queue.Entry] { self.queue.refused() }
    }

    @Test func aLoneMessageGoesAtOnceAndAlone() {
        let queue = self.queue()
        #expect(queue.append(self.message("a"), ticket: 1, now: self.start) == .start)
        let batch = queue.next(now: self.start).batch
        #expect(batch.map(\.ticket) == [1])
        #expect(queue.finished(batch) == false)
        #expect(queue.count == 0 && queue.bytes == 0)
    }

    @Test func whatWaitsGoesTogether() {
        let queue = self.queue { $0.connections = 1 }
        #expect(queue.append(self.message("a"), ticket: 1, now: self.start) == .start)
        let first = queue.next(now: self.start).batch
        for (ticket, chat) in ["b", "c", "a", "b"].enumerated() {
            #expect(queue.append(self.message(chat), ticket: 10 + ticket, now: self.start) == .waits)
        }
        #expect(queue.finished(first))
        #expect(queue.next(now: self.start).batch.map(\.ticket) == [10, 11, 12, 13])
    }

    @Test func twoConnectionsNeverHaveTheSameChat() {
        let queue = self.queue()
        #expect(queue.append(self.message("a"), ticket: 1, now: self.start) == .start)
        let first = queue.next(now: self.start).batch
        #expect(queue.append(self.message("a"), ticket: 2, now: self.start) == .waits)
        #expect(queue.append(self.message("b"), ticket: 3, now: self.start) == .start)
        let second = queue.next(now: self.start).batch
        #expect(second.map(\.ticket) == [3])
        // What is left belongs to the first, who comes back for it.
        #expect(queue.finished(second))
        let nothing = queue.next(now: self.start).batch
        #expect(nothing.isEmpty && !queue.finished(nothing))
        #expect(queue.finished(first))
        #expect(queue.next(now: self.start).batch.map(\.ticket) == [2])
    }

    @Test func aClientIDIsInABatchOnce() {
        let queue = self.queue()
        _ = queue.append(self.message("a", id: "m"), ticket: 1, now: self.start)
        _ = queue.append(self.message("a", id: "m"), ticket: 2, now: self.start)
        _ = queue.append(self.message("a", id: "n"), ticket: 3, now: self.start)
        _ = queue.append(self.message("b", id: "m"), ticket: 4, now: self.start)
        let batch = queue.next(now: self.start).batch
        // The third one waits behind the second: a chat's messages keep their order.
        #expect(batch.map(\.ticket) == [1, 4])
        #expect(queue.finished(batch))
        #expect(queue.next(now: self.start).batch.map(\.ticket) == [2, 3])
    }

    @Test func aBotSpeaksAloneInItsChat() {
        let queue = self.queue()
        for (ticket, role) in [Role.visitor, .ai, .visitor, .ai, .ai].enumerated() {
            _ = queue.append(self.message("a", role: role), ticket: ticket, now: self.start)
        }
        var batches: [[Int]] = []
        while queue.count > 0 {
            let batch = queue.next(now: self.start).batch
            batches.append(batch.map(\.ticket))
            _ = queue.finished(batch)
        }
        #expect(batches == [[0], [1], [2], [3], [4]])
    }

    @Test(arguments: [(3, Queue.Admission.waits), (4, .waits), (5, .full)])
    func messagesAreBounded(count: Int, last: Queue.Admission) {
        let queue = self.queue {
            $0.messages = 4
            $0.connections = 0
        }
        let answers = (0..<count).map { queue.append(self.message("\($0)"), ticket: $0, now: self.start) }
        #expect(answers.last == last)
    }

    @Test(arguments: [(-1, Queue.Admission.full), (0, .waits), (1, .waits)])
    func bytesAreBounded(spare: Int, last: Queue.Admission) {
        let message = self.message("a", String(repeating: "x", count: 1000))
        let queue = self.queue {
            $0.bytes = 2 * message.size + spare
            $0.connections = 0
        }
        #expect(queue.append(message, ticket: 1, now: self.start) == .waits)
        #expect(queue.append(message, ticket: 2, now: self.start) == last)
    }

    @Test func theDefaultBoundsAreThoseOfTheContract() {
        let limits = Queue.Limits()
        #expect(limits.messages == 10_000)
        #expect(limits.bytes == 33_554_432)
    }

    @Test func whoWaitedForTooLongIsToldAndNotStored() {
        let queue = self.queue { $0.patience = .seconds(1) }
        _ = queue.append(self.message("a"), ticket: 1, now: self.start)
        _ = queue.append(self.message("b"), ticket: 2, now: self.start + .milliseconds(1))
        let (batch, expired) = queue.next(now: self.start + .seconds(1))
        #expect(expired.map(\.ticket) == [1])
        #expect(batch.map(\.ticket) == [2])
        #expect(queue.bytes == 0)
    }

    @Test func withoutAnyConnectionNobodyWaits() {
        let queue = self.queue()
        #expect(queue.append(self.message("a"), ticket: 1, now: self.start) == .start)
        #expect(queue.append(self.message("b"), ticket: 2, now: self.start) == .start)
        #expect(queue.refused().isEmpty, "the other connection may come")
        #expect(queue.refused().map(\.ticket) == [1, 2])
        #expect(queue.count == 0 && queue.bytes == 0)
        #expect(queue.append(self.message("a"), ticket: 3, now: self.start) == .start)
    }

    /// Any number of chats, senders and connections: nothing is lost or doubled, each chat keeps its order, no chat is in
    /// two batches at a time, batches stay within their bounds, and whatever waits is taken up in the end.
    @Test(arguments: 1...40)
    func everythingGoesOnceAndInOrder(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var limits = Queue.Limits()
        limits.connections = Int.random(in: 1...3, using: &random)
        limits.batchMessages = Int.random(in: 1...20, using: &random)
        limits.batchBytes = Int.random(in: 600...20_000, using: &random)
        limits.patience = .seconds(1_000_000)
        let queue = Box(queue: Queue(limits: limits))
        var sent: [String: [Int]] = [:]
        var stored: [String: [Int]] = [:]
        var asked = 0
        var underWay: [[Queue.Entry]] = []
        var total = 0
        func serve() {
            let batch = queue.next(now: self.start).batch
            #expect(batch.count <= limits.batchMessages)
            let chats = Set(batch.map(\.message.chat))
            for other in underWay { #expect(chats.isDisjoint(with: other.map(\.message.chat))) }
            let ids = batch.compactMap(\.message.clientID)
            #expect(Set(ids).count == ids.count)
            for chat in chats {
                let roles = batch.filter { $0.message.chat == chat }.map(\.message.message.sender.role)
                #expect(!roles.contains(.ai) || roles.count == 1)
            }
            underWay.append(batch)
            #expect(underWay.count <= limits.connections)
        }
        func finish() {
            let batch = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
            for entry in batch { stored[entry.message.chatID, default: []].append(entry.ticket) }
            if queue.finished(batch) { asked += 1 }
        }
        for _ in 0..<600 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0...2:
                let chat = "\(Int.random(in: 0..<6, using: &random))"
                let role: Role = Bool.random(using: &random) ? .visitor : .ai
                let id = Bool.random(using: &random) ? "\(Int.random(in: 0..<4, using: &random))" : nil
                total += 1
                sent[chat, default: []].append(total)
                if queue.append(self.message(chat, role: role, id: id), ticket: total, now: self.start) == .start {
                    asked += 1
                }
            case 3 where asked > 0:
                asked -= 1
                serve()
            case 4 where !underWay.isEmpty:
                finish()
            default:
                break
            }
        }
        while asked > 0 || !underWay.isEmpty {
            if asked > 0 {
                asked -= 1
                serve()
            } else {
                finish()
            }
        }
        #expect(stored == sent)
        #expect(queue.count == 0 && queue.bytes == 0)
    }
}
