import Assignment
import NIOCore
import SocketIO
import Synchronization
import Testing

@testable import Gateway

/// Sockets and rooms without a network: every socket remembers what it was sent, acks included, in order.
final class TestHub: Broadcaster {
    fileprivate struct State {
        var sockets: [String: TestSocket] = [:]
        var rooms: [String: Set<Room>] = [:]
        var emitted: [(event: String, rooms: [Room], body: JSONValue)] = []
        var dispensable: Set<String> = []
        var certain: Set<String> = []
        var hold: (event: String, until: @Sendable () -> Void)?
    }

    fileprivate let state = Mutex(State())

    func makeSocket(_ id: String) -> TestSocket {
        let socket = TestSocket(id: id, hub: self)
        self.state.withLock {
            $0.sockets[id] = socket
            $0.rooms[id] = []
        }
        return socket
    }

    func remove(_ id: String) {
        self.state.withLock {
            $0.sockets[id] = nil
            $0.rooms[id] = nil
        }
    }

    /// Any time will do where nobody looks at it.
    let now: Timestamp? = Timestamp(microseconds: 1_750_000_000_000_000)

    /// Every broadcast, with its rooms.
    var emitted: [(event: String, rooms: [Room], body: JSONValue)] { self.state.withLock { $0.emitted } }

    /// The names of broadcasts that leave out whoever is behind, and of those that do not.
    var dispensable: Set<String> { self.state.withLock { $0.dispensable } }
    var certain: Set<String> { self.state.withLock { $0.certain } }

    func emit(
        _ event: String, _ argument: ByteBuffer, to rooms: [Room], except: [Room], exceptSockets: [String],
        isDispensable: Bool
    ) {
        let body = JSONValue.decoded(argument)
        // A visitor's `chat:assigned` has the fields that the contract names and no others.
        if event != "chat:assigned", body[dynamic: "eventId"].string == nil || body[dynamic: "timestamp"].string == nil
        {
            Issue.record("\(event) without its envelope: \(body)")
        }
        let receivers = self.state.withLock { state in
            state.emitted.append((event, rooms, body))
            if isDispensable { state.dispensable.insert(event) } else { state.certain.insert(event) }
            return state.sockets.values.filter { socket in
                let memberships = state.rooms[socket.id] ?? []
                return !exceptSockets.contains(socket.id) && !memberships.isDisjoint(with: rooms)
                    && memberships.isDisjoint(with: except)
            }
        }
        if let hold = self.state.withLock({ $0.hold }), hold.event == event { hold.until() }
        for socket in receivers { socket.record(event, body) }
    }

    /// Has broadcasts of an event wait, once their receivers are known, as long as `until` does.
    func hold(_ event: String, until: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.hold = (event, until) }
    }

    func join(_ rooms: [Room], membersOf member: Room) {
        self.state.withLock { state in
            for (id, memberships) in state.rooms where memberships.contains(member) {
                state.rooms[id]?.formUnion(rooms)
            }
        }
    }

    func leave(_ rooms: [Room], membersOf member: Room, unlessIn exceptions: [Room]) -> [String] {
        self.state.withLock { state in
            var left: [String] = []
            for (id, memberships) in state.rooms
            where memberships.contains(member) && memberships.isDisjoint(with: exceptions) {
                state.rooms[id]?.subtract(rooms)
                left.append(id)
            }
            return left
        }
    }

    func hasReceivers(in rooms: [Room], except: [Room], exceptSockets: [String]) -> Bool {
        self.state.withLock { state in
            state.rooms.contains { id, memberships in
                !exceptSockets.contains(id) && !memberships.isDisjoint(with: rooms)
                    && memberships.isDisjoint(with: except)
            }
        }
    }

    func hasMembers(_ room: Room) -> Bool {
        self.state.withLock { $0.rooms.values.contains { $0.contains(room) } }
    }
}

final class TestSocket: ClientSocket {
    let id: String
    private let hub: TestHub
    private let log = Mutex<[(event: String, body: JSONValue)]>([])

    fileprivate init(id: String, hub: TestHub) {
        self.id = id
        self.hub = hub
    }

    /// What arrived, in order; acks are called `ack`.
    var received: [(event: String, body: JSONValue)] { self.log.withLock { $0 } }

    func received(_ event: String) -> [JSONValue] { self.received.filter { $0.event == event }.map(\.body) }

    func forget() { self.log.withLock { $0 = [] } }

    fileprivate func record(_ event: String, _ body: JSONValue) {
        self.log.withLock { $0.append((event, body)) }
    }

    func emit(_ event: String, _ argument: ByteBuffer) { self.record(event, .decoded(argument)) }

    /// An ack that is recorded here, and given to whoever waits.
    func ack(_ resume: @escaping @Sendable (JSONValue) -> Void) -> Ack {
        Ack(socket: self.id) { argument in
            let body = JSONValue.decoded(argument)
            self.record("ack", body)
            resume(body)
        }
    }

    func join(_ rooms: [Room]) { self.hub.state.withLock { $0.rooms[self.id]?.formUnion(rooms) } }
    func leave(_ rooms: [Room]) { self.hub.state.withLock { $0.rooms[self.id]?.subtract(rooms) } }
    func isIn(_ room: Room) -> Bool { self.hub.state.withLock { $0.rooms[self.id]?.contains(room) ?? false } }

    func kick() { self.record("kicked", .null) }
    func dropTransport() { self.record("dropped", .null) }
}

extension JSONValue {
    /// What we wrote ourselves is JSON.
    fileprivate static func decoded(_ buffer: ByteBuffer) -> JSONValue {
        (try? JSONReader.decode(buffer)) ?? .string("not JSON: \(String(buffer: buffer))")
    }

    /// A member of an object, for tests that would otherwise unwrap at every step; null where there is none.
    subscript(dynamic key: String) -> JSONValue { self.object?[key] ?? .null }

    /// An event without its envelope.
    var content: JSONValue {
        guard var object = self.object else { return self }
        object["eventId"] = nil
        object["timestamp"] = nil
        return .object(object)
    }

    var isOK: Bool { self[dynamic: "ok"].bool ?? false }
    var errorCode: String? { self[dynamic: "error"][dynamic: "code"].string }
    var errorField: String? { self[dynamic: "error"][dynamic: "details"][dynamic: "field"].string }
}
