import Assignment
import Crypto
import Foundation
import NIOCore
import NIOPosix
import Storage
import StorageTestSupport
import Synchronization
import Testing

@testable import Gateway

/// From a message to a receiver on a real socket, and what may happen on the way.
@Suite struct WebhookDeliveryTests {
    private static func signatures(_ header: String) -> (time: String, v1: [String]) {
        let parts = header.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return (parts.first { $0[0] == "t" }?[1] ?? "", parts.filter { $0[0] == "v1" }.map { $0[1] })
    }

    @Test func aMessageArrivesSignedByBothSecrets() async throws {
        let receiver = WebhookReceiver()
        let secrets = ["the-new-secret-of-the-shop", "the-old-secret-of-the-shop"]
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/hook?key=k", secrets: secrets) { stage in
                let chat = try await stage.say("hola, ¿hay alguien?")
                try await stage.settle(stage.courier())
                let came = try #require(receiver.received.first)
                #expect(receiver.received.count == 1 && came.path == "/hook?key=k")
                #expect(came.headers["content-type"] == "application/json")
                #expect(came.headers["puente-event"] == "message:new" && came.headers["puente-attempt"] == "1")
                #expect(came.member("id") == came.delivery && came.member("workspace") == "default")
                #expect(came.member("chatId") == chat && came.member("eventNo") != nil)
                #expect(came.member("content") == "hola")
                let (time, v1) = Self.signatures(try #require(came.headers["puente-signature"]))
                #expect(abs(Date().timeIntervalSince1970 - (Double(time) ?? 0)) < 60)
                let expected = secrets.map { secret in
                    HMAC<SHA256>.authenticationCode(
                        for: Array("\(time).\(came.body)".utf8), using: SymmetricKey(data: Array(secret.utf8))
                    ).map { String(format: "%02x", $0) }.joined()
                }
                #expect(v1 == expected)
                let counts = try await stage.counts
                #expect(counts.waiting == 0 && counts.delivered == 1 && counts.dead == 0 && counts.oldestWaiting == 0)
            }
        }
    }

    /// A chat waits for what failed in it; another does not.
    @Test func aChatKeepsItsOrderThroughFailures() async throws {
        let receiver = WebhookReceiver { request, number in
            number <= 3 && request.body.contains("first") ? .status(500) : .status(200)
        }
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/") { stage in
                try await stage.say("first", "second", "third")
                try await stage.say("elsewhere", by: "w")
                let courier = stage.courier()
                try await stage.settle(courier)
                let texts = receiver.received.compactMap { $0.member("content") }
                #expect(texts.filter { $0 != "elsewhere" && $0 != "first" } == ["second", "third"])
                #expect(texts.count { $0 == "first" } >= 2)
                let lastFirst = try #require(texts.lastIndex(of: "first"))
                #expect(try lastFirst < #require(texts.firstIndex(of: "second")))
                #expect(try #require(texts.firstIndex(of: "elsewhere")) < 3, "nobody else waits")
                #expect(courier.figures.delivered == 4 && courier.figures.failed >= 1)
            }
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let inside = WebhookReceiver()
        try await inside.listening { target in
            let receiver = WebhookReceiver { _, _ in
                .status(302, headers: ["location": "http://127.0.0.1:\(target)/latest/meta-data"])
            }
            try await receiver.listening { port in
                try await WebhookStage.with(url: "http://127.0.0.1:\(port)/", configure: { $0.attempts = 2 }) { stage in
                    try await stage.say("x")
                    try await stage.settle(stage.courier())
                    #expect(receiver.received.count == 2)
                    #expect(inside.received.isEmpty)
                    let letter = try await stage.run { try Webhooks.deadLetters($0, "default", limit: 9) }.first
                    #expect(letter?.lastStatus == 302 && letter?.lastFailure == "status" && letter?.attempts == 2)
                }
            }
        }
    }

    @Test(arguments: [
        (WebhookReceiver.Answer.silence, "timeout"), (.hangUp, "connection"), (.status(500), "status"),
        (.status(404), "status"), (.status(304), "status"),
    ])
    func whateverIsNotAYesIsTriedAgainAndGivenUpAtLast(_ answer: WebhookReceiver.Answer, _ why: String) async throws {
        let receiver = WebhookReceiver { request, _ in request.body.contains("doomed") ? answer : .status(200) }
        try await receiver.listening { port in
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(port)/",
                configure: {
                    $0.attempts = 3
                    $0.timeout = .milliseconds(400)
                }
            ) { stage in
                try await stage.say("doomed", "next")
                let courier = stage.courier()
                try await stage.settle(courier)
                #expect(
                    receiver.received.compactMap { $0.member("content") } == ["doomed", "doomed", "doomed", "next"])
                #expect(receiver.received.map { $0.headers["puente-attempt"] } == ["1", "2", "3", "1"])
                #expect(Set(receiver.received.prefix(3).map(\.delivery)).count == 1, "by which it is known again")
                let letters = try await stage.run { try Webhooks.deadLetters($0, "default", limit: 9) }
                #expect(letters.map(\.lastFailure) == [why] && letters.map(\.attempts) == [3])
                #expect(courier.figures.dead == 1 && courier.figures.delivered == 1)
            }
        }
    }

    /// Row R05.
    @Test func anEndlessAnswerIsAYesAndNotRead() async throws {
        let receiver = WebhookReceiver { _, _ in .endless }
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/") { stage in
                try await stage.say("a", "b")
                let start = ContinuousClock.now
                try await stage.settle(stage.courier())
                #expect(ContinuousClock.now - start < .seconds(8))
                #expect(receiver.received.count == 2)
            }
        }
    }

    @Test func aReceiverThatDiesInTheMiddleMissesNothing() async throws {
        let first = WebhookReceiver { _, number in number <= 5 ? .status(200) : .silence }
        let second = WebhookReceiver()
        let port = Mutex(0)
        try await first.listening { chosen in
            port.withLock { $0 = chosen }
            try await WebhookStage.with(
                url: "http://127.0.0.1:\(chosen)/", configure: { $0.timeout = .milliseconds(500) }
            ) { stage in
                for number in 1...20 { try await stage.say("m\(number)") }
                let courier = stage.courier()
                try await courier.deliverDue()
                #expect(first.received.count >= 6)
                // Down: nobody listens there any more…
                try await stage.point(to: "http://127.0.0.1:1/")
                try await courier.deliverDue()
                // …and back, elsewhere.
                try await second.listening { other in
                    try await stage.point(to: "http://127.0.0.1:\(other)/")
                    try await stage.settle(courier)
                }
                let all = (first.received.prefix(5) + second.received).compactMap { $0.member("content") }
                #expect(all == (1...20).map { "m\($0)" })
            }
        }
    }

    @Test func twoNodesDeliverEveryThingOnceAndInOrder() async throws {
        let receiver = WebhookReceiver { _, number in number % 7 == 0 ? .late(30) : .status(204) }
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://127.0.0.1:\(port)/") { stage in
                let other = try await stage.test.secondPool { $0.size = 8 }
                for round in 1...8 {
                    for visitor in 1...10 { try await stage.say("\(visitor)-\(round)", by: "v\(visitor)") }
                }
                let (one, two) = (stage.courier(), stage.courier(on: other))
                try await stage.settle(one, two)
                await other.shutDown()
                #expect(receiver.overlaps.isEmpty)
                let texts = receiver.received.compactMap { $0.member("content") }
                #expect(texts.count == 80 && Set(texts).count == 80)
                for visitor in 1...10 {
                    #expect(
                        texts.filter { $0.hasPrefix("\(visitor)-") } == (1...8).map { "\(visitor)-\($0)" })
                }
                #expect(one.figures.delivered > 0 && two.figures.delivered > 0)
                #expect(one.figures.stale + two.figures.stale == 0)
            }
        }
    }

    /// The name is looked up once, and what is connected to is what was judged: nobody else knows this name.
    @Test func theJudgedAddressIsTheOneThatIsConnectedTo() async throws {
        let receiver = WebhookReceiver()
        let asked = Atomic(0)
        try await receiver.listening { port in
            try await WebhookStage.with(url: "http://receiver.invalid:\(port)/") { stage in
                try await stage.say("x")
                let courier = stage.courier { host throws(WebhookFailure) in
                    #expect(host == "receiver.invalid")
                    asked.add(1, ordering: .relaxed)
                    return ["127.0.0.1"]
                }
                try await stage.settle(courier)
                #expect(receiver.received.map { $0.headers["host"] } == ["receiver.invalid:\(port)"])
                #expect(asked.load(ordering: .relaxed) == 1)
            }
        }
    }

    /// Rows R01 and R02, with the rules of production: what a name stands for is judged at every attempt.
    @Test(arguments: [
        ["127.0.0.1"], ["::1"], ["169.254.169.254"], ["10.0.0.7"], ["::ffff:10.0.0.7"], ["fd00::1"], ["fe80::1%eth0"],
        ["1.1.1.1", "10.0.0.7"], ["2606:4700::1111", "::1"], ["not an address"],
    ])
    func aNameForTheInsideIsRefused(_ addresses: [String]) async throws {
        var sender = WebhookSender(loops: MultiThreadedEventLoopGroup.singleton, settings: WebhookSettings())
        sender.resolve = { _ throws(WebhookFailure) in addresses }
        let judging = sender
        await #expect(throws: WebhookFailure.privateAddress) { try await judging.judged("https://shop.example/") }
    }

    @Test func rebindingFindsNoGap() async throws {
        let asked = Atomic(0)
        var sender = WebhookSender(loops: MultiThreadedEventLoopGroup.singleton, settings: WebhookSettings())
        sender.resolve = { _ throws(WebhookFailure) in
            asked.add(1, ordering: .relaxed).oldValue == 0 ? ["1.1.1.1"] : ["127.0.0.1"]
        }
        let judging = sender
        #expect(try await judging.judged("https://shop.example/").address == "1.1.1.1")
        #expect(asked.load(ordering: .relaxed) == 1, "not asked again before connecting")
        await #expect(throws: WebhookFailure.privateAddress) { try await judging.judged("https://shop.example/") }
    }

    /// The system's own reading of numbers, behind the parser's back.
    @Test(arguments: ["localhost", "127.1", "2130706433", "0177.0.0.1"])
    func theSystemsResolverIsJudgedToo(_ host: String) async throws {
        for address in try await HostLookup.addresses(of: host) {
            #expect(NetworkAddress(address)?.isPublic == false, "\(address)")
        }
    }

    /// The certificate names localhost and 127.0.0.1; where the connection goes, only the name is left to fit.
    @Test func theCertificateIsOfTheName() async throws {
        let receiver = WebhookReceiver()
        try await receiver.listening(on: "0.0.0.0", tls: try TestAuthority.server()) { port in
            let authorities = try TestAuthority.file()
            var settings = WebhookSettings()
            settings.allowPrivate = true
            settings.authorities = authorities
            var sender = WebhookSender(loops: MultiThreadedEventLoopGroup.singleton, settings: settings)
            sender.resolve = { _ throws(WebhookFailure) in ["127.0.0.2"] }
            let request = { (host: String) in
                WebhookSender.Request(
                    url: "https://\(host):\(port)/", headers: [("puente-delivery", "d")], body: ByteBuffer(string: "{}")
                )
            }
            let strict = sender
            let status = try await strict.send(request("localhost"))
            #expect(status == 204)
            await #expect(throws: WebhookFailure.self) { try await strict.send(request("shop.example")) }
            #expect(receiver.received.count == 1)
        }
    }
}
