import Foundation
import HostileSupport
import Logging
import NIOCore
import Synchronization
import Testing

@testable import Transport

/// The invariant's own tests: it must be possible to break.
@Suite(.serialized) struct PunctualityTests {
    private static func isKept(_ count: Int, late: Int, _ delay: Duration, calm: Duration) -> Bool {
        var punctuality = Punctuality()
        for number in 0..<count { punctuality.add(number < late ? delay : .milliseconds(2), calm: calm) }
        return punctuality.isKept
    }

    @Test("One in a hundred may be late, more may not; a machine that stands still is no excuse for more than itself")
    func bound() {
        #expect(Self.isKept(99, late: 1, .seconds(5), calm: .milliseconds(1)))
        #expect(!Self.isKept(99, late: 2, .milliseconds(260), calm: .milliseconds(1)))
        #expect(Self.isKept(99, late: 99, .milliseconds(249), calm: .milliseconds(1)))
        #expect(Self.isKept(250, late: 3, .seconds(1), calm: .milliseconds(1)))
        #expect(!Self.isKept(250, late: 4, .seconds(1), calm: .milliseconds(1)))
        #expect(Self.isKept(99, late: 9, .seconds(1), calm: .milliseconds(260)))
        #expect(!Self.isKept(99, late: 9, .seconds(1), calm: .milliseconds(100)))
        var queued = Punctuality()
        for _ in 0..<9 { queued.add(.seconds(1), waited: .milliseconds(800), calm: .milliseconds(1)) }
        #expect(queued.isKept)
        for _ in 0..<9 { queued.add(.seconds(1), waited: .milliseconds(700), calm: .milliseconds(1)) }
        #expect(!queued.isKept)
    }

    /// Both loops stand still three times: three of some thirty rounds take longer than they may.
    @Test("A server whose loops are held is found out") func heldLoops() async throws {
        await withKnownIssue {
            try await Arena.run { arena in
                let loops = arena.server.engine.state.withLock { state in
                    state.connections.values.map(\.eventLoop)
                }
                for _ in 0..<3 {
                    let held = loops.map { $0.submit { Thread.sleep(forTimeInterval: 3) } }
                    for hold in held { try await hold.get() }
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }
    }

    @Test("Lines that are not ours, or too many, are found out") func lines() {
        let log = LogWatch()
        log.logger.debug("Closing a connection", metadata: ["violation": "badPacket(SocketIO.PacketError.unknownType)"])
        #expect(log.faults(incidents: 1).isEmpty)
        #expect(log.faults(incidents: 0).count == 1)
        for text in ["x\u{1B}[31m", #"badPacket("42[1")"#, "a b", ""] {
            let log = LogWatch()
            log.logger.debug("Closing a connection", metadata: ["violation": "\(text)"])
            #expect(log.faults(incidents: 1).count == 1)
        }
        let other = LogWatch()
        other.logger.trace("received", metadata: ["violation": "x"])
        #expect(other.faults(incidents: 1).count == 1)
    }
}
