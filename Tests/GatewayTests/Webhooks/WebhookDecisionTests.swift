import Crypto
import Foundation
import NIOCore
import Testing

@testable import Gateway

/// What is decided about webhooks before anything is sent, as tables.
@Suite struct WebhookDecisionTests {
    private static let strict = WebhookTarget.Rules()

    // MARK: Addresses

    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "fd00::1", "fc00::1", "fe80::1", "ff02::1", "fd00:ec2::254", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
        "2001::1", "2001:0:53aa:64c:0:0:80ff:fffe", "2001:db8::1", "2002:7f00:1::", "3fff::1", "100::1", "4000::1",
    ])
    func nobodysInsideIsPublic(_ text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPublic)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700::1111",
        "2a00:1450::1", "2001:200::1", "2001:4860:4860::8888", "2003::1",
    ])
    func whatLiesBesideIsPublic(_ text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    /// Rows R01 and R04: what no rule lets pass as an address of the outside.
    @Test(arguments: [
        "https://127.0.0.1/", "https://0.0.0.0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest", "https://10.0.0.1/", "https://100.64.0.1/", "https://[fd00::1]/",
        "https://2130706433/", "https://0177.0.0.1/", "https://127.1/", "https://0x7f.0.0.1/", "https://0x7f000001/",
        "https://1.2.3.4.5/", "https://shop.example.1/",
        "http://shop.example/", "HTTPS://shop.example/", "https:/shop.example", "https:shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd", "https://", "https:///path", "https://good@evil.example/", "https://good#@evil.example/",
        "https://good\\@evil.example/", "https://evil.example\\.good.example/", "https://shop。example/",
        "https://shop.exa\u{ad}mple/", "https://shop.example%2f@evil.example/", "https://sh%6fp.example/",
        "https://shop.example:22/", "https://shop.example:6379/", "https://shop.example:0/",
        "https://shop.example:65536/", "https://shop.example:+443/", "https://shop.example:443x/",
        "https://shop.example:/", "https://[2606:4700::1111/", "https://[2606:4700::1111]x/", "https://[shop.example]/",
        "https://shop .example/", "https://shop.example/a b", "https://shop.example/\r\nx: y", "https://-shop.example/",
        "https://shop..example/", "https://shop.example./", "https://shop_1.example/",
        "https://xn--tiend-ksa.example/", "https://shop.XN--P1AI/",
    ])
    func refused(_ url: String) {
        #expect(throws: WebhookTarget.Refusal.self) { try WebhookTarget(url, rules: Self.strict) }
    }

    @Test(arguments: [
        ("https://shop.example", "https://shop.example:443/"),
        ("https://Shop.Example:8443/a/b?c=d&e=f@g", "https://shop.example:8443/a/b?c=d&e=f@g"),
        ("https://shop.example?x=1", "https://shop.example:443/?x=1"),
        ("https://1.1.1.1/hook", "https://1.1.1.1:443/hook"),
        ("https://[2606:4700::1111]:443/", "https://[2606:4700::1111]:443/"),
    ])
    func taken(_ url: String, _ canonical: String) throws {
        let target = try WebhookTarget(url, rules: Self.strict)
        #expect(target.url == canonical)
        // What connects reads the same host and port in it.
        let url = try #require(URL(string: target.url))
        #expect(url.host == target.host)
        #expect(url.port == target.port)
    }

    @Test func developmentIsAskedForByName() throws {
        let rules = WebhookTarget.Rules(allowsPrivate: true)
        #expect(try WebhookTarget("http://127.0.0.1:8080/x", rules: rules).port == 8080)
        #expect(try WebhookTarget("http://receiver/x", rules: rules).port == 80)
        #expect(throws: WebhookTarget.Refusal.self) { try WebhookTarget("file:///etc/passwd", rules: rules) }
        #expect(WebhookSettings().rules == WebhookTarget.Rules())
    }

    // MARK: Pauses

    @Test(arguments: [
        (1, 5_000), (2, 10_000), (3, 20_000), (8, 640_000), (13, 20_480_000), (14, 21_600_000), (15, 21_600_000),
    ])
    func pausesDoubleUpToTheLongest(_ failures: Int, _ whole: Int64) {
        let backoff = WebhookSettings().backoff
        #expect(backoff.pause(afterFailures: failures, random: 0) == whole / 2)
        #expect(backoff.pause(afterFailures: failures, random: 1) == whole)
        for random in stride(from: 0, through: 1, by: 0.05) {
            let pause = backoff.pause(afterFailures: failures, random: random) ?? 0
            #expect((whole / 2...whole).contains(pause))
        }
    }

    @Test func thereIsAnEnd() {
        let backoff = WebhookSettings().backoff
        #expect(backoff.pause(afterFailures: 16, random: 0) == nil)
        #expect(backoff.pause(afterFailures: .max, random: 0) == nil)
        let whole = (1..<16).compactMap { backoff.pause(afterFailures: $0, random: 1) }.reduce(0, +)
        #expect((22 * 3_600_000...26 * 3_600_000).contains(whole), "about a day")
        let endless = WebhookBackoff(first: .max, longest: .max, attempts: .max)
        #expect(endless.pause(afterFailures: 5000, random: 1) == .max)
        #expect(WebhookBackoff(first: 1, longest: 1, attempts: 3).pause(afterFailures: 2, random: 0.5) == 1)
    }

    // MARK: Signatures

    @Test func aKnownSignature() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'a-secret-of-24-characters'
        let header = WebhookSignature.header(
            secrets: [Secret("a-secret-of-24-characters")], seconds: 1_700_000_000,
            body: ByteBuffer(string: #"{"a":1}"#))
        #expect(header == "t=1700000000,v1=be7d6e66889ef40c94ebc9b7da16d24ad9cf7e7746161c763414e97fc657066b")
    }

    @Test func everySecretSigns() {
        let body = ByteBuffer(string: "ñ")
        let (old, new) = (Secret("an-old-secret-of-24-characters"), Secret("a-new-secret-of-24-characters"))
        let both = WebhookSignature.header(secrets: [new, old], seconds: 7, body: body)
        let each = [new, old].map { WebhookSignature.header(secrets: [$0], seconds: 7, body: body).dropFirst(4) }
        #expect(both == "t=7,\(each[0]),\(each[1])")
        #expect(each[0] != each[1])
    }
}
