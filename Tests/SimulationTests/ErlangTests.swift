import Testing

@testable import Simulation

@Suite struct ErlangTests {
    /// Computed apart from this code, mean waits in mean handle times.
    @Test(arguments: [
        (5, 0.7, 0.3778, 0.2519), (5, 0.9, 0.7625, 1.5250), (10, 0.7, 0.2217, 0.0739), (10, 0.8, 0.4092, 0.2046),
        (10, 0.9, 0.6687, 0.6687), (10, 0.95, 0.8256, 1.6512), (20, 0.9, 0.5508, 0.2754), (50, 0.9, 0.3639, 0.0728),
    ])
    func waitsAreThoseOfTheTable(slots: Int, load: Double, waiting: Double, wait: Double) throws {
        let offered = load * Double(slots)
        #expect(abs(Erlang.waiting(slots: slots, offered: offered) - waiting) < 0.00005)
        #expect(abs(try #require(Erlang.meanWait(slots: slots, offered: offered)) - wait) < 0.00005)
    }

    @Test func oneSlotIsTheTextbooksQueue() throws {
        for load in [0.1, 0.5, 0.9, 0.99] {
            #expect(abs(Erlang.waiting(slots: 1, offered: load) - load) < 1e-12)
            #expect(abs(try #require(Erlang.meanWait(slots: 1, offered: load)) - load / (1 - load)) < 1e-9)
            #expect(abs(Erlang.blocking(slots: 1, offered: load) - load / (1 + load)) < 1e-12)
        }
    }

    @Test func nobodyCarriesMoreThanTheyCan() {
        #expect(Erlang.meanWait(slots: 5, offered: 5) == nil)
        #expect(Erlang.meanWait(slots: 5, offered: 7) == nil)
        #expect(Erlang.waiting(slots: 5, offered: 7) == 1)
        #expect(Erlang.longer(than: 3, slots: 5, offered: 7) == 1)
    }

    @Test func theTailBeginsAtWhoWaits() {
        #expect(Erlang.longer(than: 0, slots: 10, offered: 9) == Erlang.waiting(slots: 10, offered: 9))
        #expect(Erlang.longer(than: 5, slots: 10, offered: 9) < 0.01)
    }

    @Test func patienceWithoutEndIsErlangC() throws {
        for (slots, offered) in [(1, 0.5), (5, 3.5), (10, 9), (50, 45)] as [(Int, Double)] {
            let patient = Erlang.withImpatience(slots: slots, offered: offered, patience: 1e7)
            let endless = try #require(Erlang.meanWait(slots: slots, offered: offered))
            #expect(abs(patient.meanWait - endless) < endless * 1e-3, "\(slots) \(offered)")
            #expect(patient.abandoned < 1e-5)
        }
    }

    /// With a patience as long as a handle time the house is an M/M/∞: the same death rate for all.
    @Test func patienceOfAHandleTimeIsAPoissonHouse() {
        let (slots, offered) = (10, 14.0)
        var term = 1.0
        var (sum, queue) = (1.0, 0.0)
        for count in 1...200 {
            term *= offered / Double(count)
            sum += term
            queue += Double(max(0, count - slots)) * term
        }
        let result = Erlang.withImpatience(slots: slots, offered: offered, patience: 1)
        #expect(abs(result.meanWait - queue / sum / offered) < 1e-12)
        #expect(abs(result.abandoned - result.meanWait) < 1e-12)
    }

    @Test func theTeamIsAsSmallAsItMayBe() throws {
        for (offered, wait) in [(0.5, 0.1), (9, 0.5), (45, 0.01), (100, 0.2)] as [(Double, Double)] {
            let slots = Erlang.slots(offered: offered, meanWait: wait)
            #expect(try #require(Erlang.meanWait(slots: slots, offered: offered)) <= wait)
            let fewer = Erlang.meanWait(slots: slots - 1, offered: offered)
            #expect(fewer.map { $0 > wait } ?? true)
        }
    }
}
