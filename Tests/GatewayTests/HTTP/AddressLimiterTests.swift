import Testing

@testable import Gateway

/// The bounds at limit - 1, limit and limit + 1.
@Suite struct AddressLimiterTests {
    private let address: NetworkAddress
    private let other: NetworkAddress

    init() throws {
        self.address = try #require(NetworkAddress("203.0.113.1"))
        self.other = try #require(NetworkAddress("203.0.113.2"))
    }

    @Test func connectionsPerAddress() {
        var limiter = AddressLimiter(settings: LimitSettings(connectionsPerAddress: 3, handshakesPerSecond: 100))
        for _ in 0..<3 { #expect(limiter.admit(self.address, now: 0) == .admitted) }
        #expect(limiter.admit(self.address, now: 0) == .refused(retryAfter: 10))
        #expect(limiter.admit(self.other, now: 0) == .admitted)
        limiter.release(self.address)
        #expect(limiter.admit(self.address, now: 0) == .admitted)
        #expect(limiter.admit(self.address, now: 0) == .refused(retryAfter: 10))
    }

    @Test func handshakesPerSecond() {
        var limiter = AddressLimiter(settings: LimitSettings(connectionsPerAddress: 1000, handshakesPerSecond: 50))
        for _ in 0..<50 { #expect(limiter.admit(self.address, now: 0) == .admitted) }
        #expect(limiter.admit(self.address, now: 0) == .refused(retryAfter: 1))
        #expect(limiter.admit(self.address, now: 19) == .refused(retryAfter: 1))
        #expect(limiter.admit(self.address, now: 20) == .admitted)
        #expect(limiter.admit(self.address, now: 20) == .refused(retryAfter: 1))
        // A pause refills one second's worth, not more.
        for _ in 0..<50 { #expect(limiter.admit(self.address, now: 60_000) == .admitted) }
        #expect(limiter.admit(self.address, now: 60_000) == .refused(retryAfter: 1))
    }

    @Test func passersByAreForgotten() throws {
        var limiter = AddressLimiter(settings: LimitSettings())
        for number in 0..<50_000 {
            let passer = try #require(NetworkAddress("2001:db8:\(String(number % 65_536, radix: 16)):1::1"))
            #expect(limiter.admit(passer, now: Int64(number)) == .admitted)
            limiter.release(passer)
        }
        #expect(limiter.count < 5000)
    }

    @Test func aClockThatGoesBackHarmsNobody() {
        var limiter = AddressLimiter(settings: LimitSettings(connectionsPerAddress: 10, handshakesPerSecond: 5))
        #expect(limiter.admit(self.address, now: 10_000) == .admitted)
        #expect(limiter.admit(self.address, now: 0) == .admitted)
    }
}
