internal import Assignment
internal import SocketIO
internal import Storage

/// `chat:queue_update`: how a queue stands, for those who supervise it.
enum QueueForm {
    /// People of one queue that are listed; the numbers count all.
    static let maximumPeople = 200

    /// - Parameter now: When it stood so.
    static func numbers(_ numbers: QueueNumbers, at now: Timestamp) -> JSONObject {
        var form: JSONObject = ["queue": .string(numbers.queue), "timestamp": .time(now)]
        for status in [ChatStatus.waiting, .offered, .active, .paused, .wrapup, .offline, .bot] {
            form[status.rawValue] = .int(numbers.chats[status] ?? 0)
        }
        form["waitingSince"] = numbers.waitingSince.map { .time($0) } ?? .null
        form["longestWaitSec"] = .int(numbers.waitingSince.map { max(0, now.milliseconds(since: $0) / 1000) } ?? 0)
        let present = numbers.people.filter(\.isConnected)
        var agents: JSONObject = [:]
        for status in [DeclaredStatus.available, .busy, .away] {
            agents[status.rawValue] = .int(present.count { $0.declared == status })
        }
        agents["offline"] = .int(numbers.people.count { !$0.isConnected || $0.declared == .offline })
        form["agents"] = .object(agents)
        form["people"] = .array(
            numbers.people.prefix(Self.maximumPeople).map { person in
                [
                    "commercialId": .string(person.id), "name": JSONValue(person.name),
                    "status": .word(person.declared), "connected": .bool(person.isConnected),
                    "load": .number(JSONNumber(person.load)), "cap": .int(person.cap),
                ]
            })
        return form
    }
}
