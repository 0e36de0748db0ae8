import Testing

@testable import Gateway

/// Row A14, without a network: the bounds at limit - 1, limit and limit + 1.
@Suite struct FailureBudgetTests {
    private let address: NetworkAddress
    private let neighbour: NetworkAddress
    private let other: NetworkAddress

    init() throws {
        self.address = try #require(NetworkAddress("2001:db8::1"))
        self.neighbour = try #require(NetworkAddress("2001:db8::ffff"))
        self.other = try #require(NetworkAddress("203.0.113.2"))
    }

    @Test func anAddressThatGuessesIsNotListenedTo() {
        var budget = FailureBudget(perMinute: 30)
        for _ in 0..<29 { budget.spend(self.address, now: 0) }
        #expect(budget.wait(self.address, now: 0) == nil)
        budget.spend(self.address, now: 0)
        #expect(budget.wait(self.address, now: 0) == 2)
        #expect(budget.wait(self.neighbour, now: 0) == 2, "an IPv6 subscriber has the whole /64")
        #expect(budget.wait(self.other, now: 0) == nil)
        #expect(budget.wait(self.address, now: 1999) == 1)
        #expect(budget.wait(self.address, now: 2000) == nil)
        budget.spend(self.address, now: 2000)
        #expect(budget.wait(self.address, now: 2000) == 2)
        #expect(budget.wait(self.address, now: 70_000) == nil)
    }

    @Test func passersByAreForgotten() {
        var budget = FailureBudget(perMinute: 30)
        for number in 0..<5000 {
            guard let address = NetworkAddress("10.0.\(number / 256).\(number % 256)") else { continue }
            budget.spend(address, now: Int64(number) * 100)
        }
        #expect(budget.count < 2000)
    }

    @Test func onlyWhatIsMadeUpCounts() {
        let bad = BadCredentials(perMinute: 1, now: { 0 })
        for reason in AuthenticationError.Reason.allCases where !reason.isMadeUp {
            bad.note(.unauthenticated(reason), from: self.address)
        }
        bad.note(.forbidden, from: self.address)
        bad.note(.unavailable, from: self.address)
        bad.note(.unauthenticated(.signature), from: nil)
        #expect(bad.wait(self.address) == nil && bad.wait(nil) == nil)
        bad.note(.unauthenticated(.signature), from: self.address)
        #expect(bad.wait(self.address) == 60)
        #expect(bad.wait(nil) == nil)
    }
}
