import Testing

@testable import Gateway

@Suite struct AddressTests {
    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4:80", "localhost", "::1%eth0", "[::1]", ":::",
        "1::2::3",
        "12345::", "g::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1.2.3", "1.2.3.4::", "unknown", "1:2:3:4:5:6:7::8",
        String(repeating: "1", count: 10_000),
    ])
    func noAddresses(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func bothNotationsOfAnAddressAreEqual() {
        #expect(NetworkAddress("192.0.2.1") == NetworkAddress("::ffff:192.0.2.1"))
        #expect(NetworkAddress("192.0.2.1") == NetworkAddress("::FFFF:c000:201"))
        #expect(NetworkAddress("2001:db8::1") == NetworkAddress("2001:0db8:0:0:0:0:0:1"))
        #expect(NetworkAddress("::")?.bytes == [UInt8](repeating: 0, count: 16))
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.3", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
        ("::2", false), ("::", false),
    ])
    func loopback(_ text: String, _ isLoopback: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isLoopback == isLoopback)
    }

    @Test func limitsCountSubscribersNotAddresses() throws {
        let first = try #require(NetworkAddress("2001:db8:1:2::1"))
        let second = try #require(NetworkAddress("2001:db8:1:2:ffff::9"))
        let other = try #require(NetworkAddress("2001:db8:1:3::1"))
        #expect(first.limitKey == second.limitKey)
        #expect(first.limitKey != other.limitKey)
        #expect(NetworkAddress("192.0.2.1")?.limitKey != NetworkAddress("192.0.2.2")?.limitKey)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.129", true),
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
    ])
    func ranges(_ range: String, _ address: String, _ isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(NetworkAddress(address))) == isInside)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "::/129", "10/8", "10.0.0.0/8/8", "10.0.0.0/+8"])
    func noRanges(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    /// Row A17: who may say who a client is.
    @Test(
        arguments: [
            // Nobody is trusted: the header is not looked at.
            ("203.0.113.9", ["198.51.100.1"], [], "203.0.113.9"),
            // The peer is not a proxy of ours.
            ("203.0.113.9", ["198.51.100.1"], ["10.0.0.0/8"], "203.0.113.9"),
            // One proxy: the last entry. What the client wrote stands to its left.
            ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], ["10.0.0.0/8"], "198.51.100.1"),
            // Two proxies of ours.
            ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.2"], ["10.0.0.0/8"], "198.51.100.1"),
            // Repeated headers are one list.
            ("10.0.0.1", ["1.1.1.1", "198.51.100.1", "10.0.0.2"], ["10.0.0.0/8"], "198.51.100.1"),
            // What is no address ends the chain at the proxy that wrote it.
            ("10.0.0.1", ["198.51.100.1, unknown"], ["10.0.0.0/8"], "10.0.0.1"),
            ("10.0.0.1", ["fe80::1%eth0"], ["10.0.0.0/8"], "10.0.0.1"),
            ("10.0.0.1", [""], ["10.0.0.0/8"], "10.0.0.1"),
            ("10.0.0.1", [], ["10.0.0.0/8"], "10.0.0.1"),
            // All of them ours.
            ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], ["10.0.0.0/8"], "10.0.0.3"),
        ] as [(String, [String], [String], String)])
    func clientAddress(_ peer: String, _ header: [String], _ trusted: [String], _ expected: String) {
        let address = ClientAddress.resolve(
            peer: peer, forwardedFor: header, trusted: trusted.compactMap(AddressRange.init)
        )
        #expect(address == NetworkAddress(expected))
    }

    @Test func aHugeHeaderIsCutShort() {
        let chain = Array(repeating: "10.0.0.2", count: 10_000).joined(separator: ",")
        let trusted = [AddressRange("10.0.0.0/8")].compactMap { $0 }
        #expect(
            ClientAddress.resolve(peer: "10.0.0.1", forwardedFor: [chain], trusted: trusted)
                == NetworkAddress("10.0.0.2"))
    }
}
