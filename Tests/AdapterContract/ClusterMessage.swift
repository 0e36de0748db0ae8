internal import NIOCore
internal import SocketIO

/// What the servers of an ``InMemoryCluster`` say to one another.
struct ClusterMessage {
    enum Kind: String {
        case broadcast, ask, members, join, leave, serverSide
        // The codec keeps `disconnect` for itself.
        case disconnect = "kick"
        // Answers to requests.
        case count, answer, left
    }

    var target = BroadcastTarget()
    var flags = BroadcastFlags()
    /// The event's name.
    var event = ""
    /// Rooms to join or leave.
    var names: [String] = []
    /// 0 where no answer is wanted.
    var request = 0
    var timeout = TimeAmount.zero
    var sender: InMemoryCluster.Server = 0

    init(
        _ target: BroadcastTarget = BroadcastTarget(), _ flags: BroadcastFlags = BroadcastFlags(), event: String = "",
        names: [String] = [], request: Int = 0
    ) {
        self.target = target
        self.flags = flags
        self.event = event
        self.names = names
        self.request = request
    }

    func encoded(
        _ kind: Kind, from sender: InMemoryCluster.Server, _ arguments: EventArguments
    ) -> ByteBuffer {
        let header: JSONValue = [
            "sender": .int(sender), "request": .int(self.request), "event": .string(self.event),
            "rooms": Self.list(self.target.rooms), "except": Self.list(self.target.except),
            "volatile": .bool(self.flags.volatile), "dispensable": .bool(self.flags.dispensable),
            "compress": .bool(self.flags.compress),
            "names": Self.list(self.names), "timeout": .int(self.timeout.nanoseconds),
        ]
        let packet = PacketCodec.messagePack.event(kind.rawValue, arguments.prefixed(with: header))
        return packet.attachments.first ?? ByteBuffer()
    }

    static func decode(_ bytes: ByteBuffer) -> (Kind, ClusterMessage, EventArguments)? {
        var reassembler = PacketReassembler(codec: .messagePack)
        guard let packet = try? reassembler.receiveBinary(bytes, now: .now()), let kind = Kind(rawValue: packet.name),
            let (header, arguments) = try? packet.arguments.splitFirst()
        else { return nil }
        var message = ClusterMessage(
            BroadcastTarget(rooms: Self.strings(header["rooms"]), except: Self.strings(header["except"])),
            BroadcastFlags(
                volatile: header["volatile"]?.bool ?? false, dispensable: header["dispensable"]?.bool ?? false,
                compress: header["compress"]?.bool ?? true),
            event: header["event"]?.string ?? "", names: Self.strings(header["names"]),
            request: header["request"]?.int ?? 0)
        message.sender = header["sender"]?.int ?? 0
        message.timeout = .nanoseconds(Int64(header["timeout"]?.int ?? 0))
        return (kind, message, arguments)
    }

    private static func list(_ strings: [String]) -> JSONValue { .array(strings.map(JSONValue.string)) }
    private static func strings(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }
}

extension MemberDescription {
    var json: JSONValue {
        [
            "id": .string(self.id), "rooms": .array(self.rooms.map(JSONValue.string)), "handshake": self.handshake,
            "data": self.data,
        ]
    }

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        self.init(
            id: id, rooms: json["rooms"]?.array?.compactMap(\.string) ?? [], handshake: json["handshake"] ?? .null,
            data: json["data"] ?? .null)
    }
}
