import NIOCore
import SocketIO
import SocketServer
import Testing

/// Rows M of the bad-input catalogue: what a client that has joined `/` sends to a server that speaks MessagePack. The
/// canaries speak it too.
@Suite struct HostileMessagePackTests {
    private static let configuration = {
        var configuration = SocketServerConfiguration()
        configuration.codec = .messagePack
        return configuration
    }()

    // MARK: Bytes

    private static func map(_ members: [UInt8]...) -> [UInt8] {
        [0x80 | UInt8(members.count)] + members.flatMap(\.self)
    }
    private static let type = WireClient.member("type", [2])
    private static let root = WireClient.member("nsp", WireClient.string("/"))
    private static let id = WireClient.member("id", [31])
    private static func data(_ value: [UInt8]) -> [UInt8] { WireClient.member("data", value) }
    private static func namespace(_ value: [UInt8]) -> [UInt8] { WireClient.member("nsp", value) }

    /// An event `m` with one argument.
    private static func event(_ argument: [UInt8]) -> [UInt8] {
        map(type, root, data([0x92] + WireClient.string("m") + argument))
    }

    /// An event whose answer is its argument.
    private static func echo(_ argument: [UInt8]) -> [UInt8] {
        map(type, root, data([0x92] + WireClient.string("echo") + argument), id)
    }

    private static func nested(_ opening: [UInt8], _ depth: Int) -> [UInt8] {
        (0..<depth).flatMap { _ in opening } + [0xC0]
    }

    // MARK: What ends a connection

    private static func fatal(_ id: String, _ what: String, _ bytes: [UInt8]) -> HostileRow {
        HostileRow(id, what) { arena in
            let client = try await arena.client()
            client.send(binary: bytes)
            await client.expectClosed()
            #expect(await arena.journal.entries(1) == [DisconnectReason.forcedClose.rawValue])
        }
    }

    private static let truncated: [HostileRow] = {
        let whole = echo([0x92, 0xCD, 1, 2, 0xC4, 2, 7, 7])
        return (0..<whole.count).map { fatal("M01", "cut after \($0) bytes", Array(whole.prefix($0))) }
    }()

    private static let headers: [HostileRow] =
        [
            ("array 32", [0xDD]), ("map 32", [0xDF]), ("string 32", [0xDB]), ("binary 32", [0xC6]),
            ("extension 32", [0xC9]),
        ].map { fatal("M02", "\($0.0) of 4 GiB", event($0.1 + [0xFF, 0xFF, 0xFF, 0xFF])) }
        + [
            fatal("M02", "a packet of 4 Gi members", [0xDF, 0xFF, 0xFF, 0xFF, 0xFF] + type + root),
            fatal("M02", "a key of 4 GiB", event([0x81, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF])),
        ]

    private static let depths: [HostileRow] = [
        fatal("M03", "arrays, 65 deep", event(nested([0x91], JSONReader.maximumDepth))),
        fatal("M03", "arrays, 900,000 deep", event(nested([0x91], 900_000))),
        fatal("M03", "maps, 300,000 deep", event(nested([0x81, 0xA1, 0x61], 300_000))),
    ]

    private static let types: [HostileRow] = [
        ("the code that is none", [0xC1]), ("fixext 1 of type 5", [0xD4, 5, 0]), ("fixext 2", [0xD5, 0xFF, 0, 0]),
        ("fixext 16", [0xD8, 0xFF] + [UInt8](repeating: 0, count: 16)), ("ext 8 of length 0", [0xC7, 0, 0xFF]),
        ("ext 8 of length 255", [0xC7, 255, 0] + [UInt8](repeating: 0, count: 255)), ("ext 16", [0xC8, 0, 1, 0, 0]),
        ("ext 32", [0xC9, 0, 0, 0, 1, 0, 0]), ("a timestamp of 4 bytes with 3", [0xD6, 0xFF, 0, 0, 0]),
    ].map { fatal("M04", $0.0, event($0.1)) }

    private static let noKeys: KeyValuePairs<String, [UInt8]> = [
        "an array": [0x90], "a map": [0x80], "nil": [0xC0], "a boolean": [0xC3], "a float": [0xCA, 0, 0, 0, 0],
        "binary": [0xC4, 1, 0x61], "a date": [0xD6, 0xFF, 0, 0, 0, 0],
    ]

    private static let keys: [HostileRow] = noKeys.flatMap { what, key in
        let inside: [UInt8] = [0x81] + key + [1]
        return [
            fatal("M05", "\(what) as a key", event(inside)),
            fatal("M05", "\(what) as a packet's member", map(type, root, key + [1])),
        ]
    }

    private static let noTexts: KeyValuePairs<String, [UInt8]> = [
        "a lone continuation": [0xA1, 0x80], "a lead alone": [0xA1, 0xC3], "overlong": [0xA2, 0xC0, 0xAF],
        "a surrogate": [0xA3, 0xED, 0xA0, 0x80], "above U+10FFFF": [0xA4, 0xF4, 0x90, 0x80, 0x80],
    ]

    private static let texts: [HostileRow] = noTexts.flatMap { what, bytes in
        let key: [UInt8] = [0x81] + bytes + [1]
        return [
            fatal("M06", "\(what) as an argument", event(bytes)),
            fatal("M06", "\(what) as a key", event(key)),
            fatal("M06", "\(what) as a name", map(type, root, data([0x91] + bytes))),
            fatal("M06", "\(what) as a namespace", map(type, namespace(bytes))),
        ]
    }

    private static func binaries(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0xDD, 0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        for _ in 0..<count { bytes += [0xC4, 0] }
        return bytes
    }

    private static let longName = "/" + String(repeating: "n", count: 299)
    private static let placeholder = [0x82] + WireClient.member("_placeholder", [0xC3]) + WireClient.member("num", [0])

    private static let packets: [HostileRow] = [
        fatal("M07", "257 binary values", event(binaries(257))),
        fatal("M07", "300,000 binary values", event(binaries(300_000))),
        fatal("M08", "an empty message", []), fatal("M08", "an array", [0x90]), fatal("M08", "an empty map", [0x80]),
        fatal("M08", "nil", [0xC0]), fatal("M08", "a number", [7]),
        fatal("M08", "a byte too many", event([1]) + [0xC0]),
        fatal("M08", "no namespace", map(type)), fatal("M08", "no type", map(root)),
        fatal("M08", "a namespace without slash", map(type, namespace(WireClient.string("chat")))),
        fatal("M08", "a namespace that is a number", map(type, namespace([1]))),
        fatal("M08", "a namespace of 300 bytes", map(type, namespace(WireClient.string(longName)))),
        fatal("M08", "data that is a map", map(type, root, data([0x80]))),
        fatal("M08", "data that is binary", map(type, root, data([0xC4, 0]))),
        fatal("M08", "an event without data", map(type, root)),
        fatal("M10", "a placeholder of the text form", event(placeholder)),
    ]

    private static let noTypes: [[UInt8]] = [
        [5], [6], [0x7F], [0xFF], [0xC0], [0xA1, 0x32], [0xCB, 0x40, 0, 0, 0, 0, 0, 0, 0],
    ]
    private static let noIDs: [[UInt8]] = [
        [0xFF], [0xA1, 0x31], [0xC0], [0xCA, 0x3F, 0x80, 0, 0], [0xCF, 0, 0x20, 0, 0, 0, 0, 0, 0],
        [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0],
    ]
    private static let noNames: [[UInt8]] = [[0xC3], [0xC0], [0x90], [0x80], [0xC4, 1, 0x6D]]
    private static let named: [UInt8] = data([0x91, 0xA1, 0x6D])

    private static let fields: [HostileRow] =
        noTypes.map { fatal("M08", "type \($0)", map(WireClient.member("type", $0), root, named)) }
        + noIDs.map { fatal("M09", "id \($0)", map(type, root, named, WireClient.member("id", $0))) }
        + SocketPacket.reservedNames.sorted().map { name in
            fatal("M11", name, map(type, root, data([0x91] + WireClient.string(name))))
        }
        + noNames.map { fatal("M11", "a name that is \($0)", map(type, root, data([0x91] + $0))) }

    @Test(.timeLimit(.minutes(2)), arguments: truncated + headers + depths + types + keys + texts + packets + fields)
    func closes(row: HostileRow) async throws { try await row.run(Self.configuration) }

    @Test("M12: the protocol's own form", .timeLimit(.minutes(2)), arguments: ["40", #"42["m"]"#, "41", "4"])
    func text(message: String) async throws {
        try await HostileRow("M12", message) { arena in
            let client = try await arena.client()
            client.send(message)
            await client.expectClosed()
            #expect(await arena.journal.entries(1) == [DisconnectReason.forcedClose.rawValue])
        }.run(Self.configuration)
    }

    // MARK: What does not

    /// An argument that comes back as `JSON.stringify` would have it.
    private static func echoed(_ id: String, _ what: String, _ argument: [UInt8], _ answer: JSONValue) -> HostileRow {
        HostileRow(id, what) { arena in
            let client = try await arena.client()
            client.send(binary: echo(argument))
            #expect(await client.next() == .init(PacketCodec.messagePack.ack(31, [answer])))
            await arena.expectAlive(client)
        }
    }

    private static let lawful: [HostileRow] = [
        echoed(
            "M03", "arrays, as deep as may be", nested([0x91], JSONReader.maximumDepth - 2),
            (1..<63).reduce(.null) { value, _ in .array([value]) }),
        echoed("M13", "not a number", [0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0], .null),
        echoed("M13", "infinity", [0xCA, 0xFF, 0x80, 0, 0], .null),
        echoed("M13", "undefined", [0xD4, 0, 0], .null),
        echoed("M13", "a date that no calendar has", [0xD7, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .null),
        echoed("M13", "a key that is a number", [0x81, 7, 1], ["7": 1]),
        echoed("M13", "an empty key", [0x81, 0xA0, 1], ["": 1]),
        HostileRow("M07", "256 binary values") { arena in
            let client = try await arena.client()
            client.send(binary: echo(binaries(256)))
            guard case .binary(let bytes) = await client.next() else { throw CancellationError() }
            #expect(bytes.count > 512)
            await arena.expectAlive(client)
        },
        HostileRow("M08", "members that nobody knows, and some twice") { arena in
            let client = try await arena.client()
            client.send(
                binary: map(
                    WireClient.member("type", [4]), type, root,
                    WireClient.member("options", [0x81, 0xA1, 0x61, 0x90]),
                    data([0x92] + WireClient.string("echo") + [1]), id))
            #expect(await client.next() == .init(PacketCodec.messagePack.ack(31, [1])))
            await arena.expectAlive(client)
        },
    ]

    @Test(.timeLimit(.minutes(2)), arguments: lawful)
    func lives(row: HostileRow) async throws { try await row.run(Self.configuration) }
}
