import Foundation
import Storage
import Testing

@testable import Gateway

/// Eight processes that dispatch the same queues at once, judged by the history that they leave
/// (docs/routing.md, "Several nodes at once").
///
/// `make test` gives them ten seconds, `make stress` a minute.
@Suite(.serialized) struct DispatchStressTests {
    private static let processes = 8
    private static let seconds = ProcessInfo.processInfo.environment["STRESS_SECONDS"].flatMap(Double.init) ?? 10

    /// Several processes at work, and what they left behind.
    private static func history(
        _ kind: StressWorker.Kind, seconds: Double, chats: Int
    ) async throws -> StressHistory {
        try await StressStage.with(chats: chats) { stage in
            if kind != .product { try await UnfencedDispatch.removeFences(stage) }
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<Self.processes {
                    let job = StressWorker.Job(
                        kind: kind, address: stage.address, number: number, processes: Self.processes,
                        seconds: seconds)
                    group.addTask {
                        await #expect(processExitsWith: .success) { [job = job as StressWorker.Job] in
                            try await StressWorker.run(job)
                        }
                    }
                }
            }
            let owner = try await stage.address.pool(size: 1, role: nil)
            let history = try await StressHistory.read(owner)
            await owner.shutDown()
            print("stress: \(kind) \(history), \(Int(history.perSecond)) a second")
            return history
        }
    }

    @Test func nobodyIsGivenTwiceOrTooMuchOrOutOfTurn() async throws {
        let history = try await Self.history(.product, seconds: Self.seconds, chats: Int(Self.seconds * 400))
        #expect(history.isClean, "\(history)")
        #expect(history.assignments > 100)
    }

    /// The judge is awake: without locks and conditions chats are given twice, and people more than they can carry.
    @Test func withoutFencesTheJudgeFindsDamage() async throws {
        let history = try await Self.history(.naive, seconds: 3, chats: 3000)
        #expect(history.doubleAssigned > 0, "\(history)")
        #expect(history.overCapacity > 0, "\(history)")
    }

    /// Passing over locked chats is safe, and out of turn.
    @Test func skippingLockedChatsBreaksTheOrder() async throws {
        let history = try await Self.history(.skipLocked, seconds: 3, chats: 3000)
        #expect(history.inversions > 0, "\(history)")
        #expect(history.doubleAssigned == 0, "\(history)")
        #expect(history.overCapacity == 0, "\(history)")
    }
}
