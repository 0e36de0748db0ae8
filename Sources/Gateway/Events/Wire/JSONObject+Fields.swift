internal import Assignment
internal import Foundation
internal import SocketIO
internal import Storage

/// Shorthands in which wire forms are written: a field with nil is left out, `null` is said as such.
extension JSONObject {
    mutating func set(_ key: String, _ value: String?) {
        if let value { self[key] = .string(value) }
    }

    mutating func set(_ key: String, _ value: Int64?) {
        if let value { self[key] = .int(value) }
    }

    mutating func set(_ key: String, _ value: Double?) {
        if let value { self[key] = .number(JSONNumber(value)) }
    }

    mutating func set(_ key: String, _ value: Timestamp?) {
        if let value { self[key] = .time(value) }
    }
}

extension JSONObject {
    /// The same with the envelope of an event that is in no table.
    func signal(at now: Timestamp?) -> JSONObject {
        var signal: JSONObject = ["eventId": .string(UUID().uuidString.lowercased())]
        for member in self.members { signal[member.key] = member.value }
        if signal["timestamp"] == nil { signal.set("timestamp", now) }
        return signal
    }
}

extension JSONValue {
    /// ISO 8601 in UTC with three decimals and `Z`.
    static func time(_ timestamp: Timestamp) -> JSONValue { .string(timestamp.description) }

    /// A closed vocabulary's word.
    static func word(_ word: some RawRepresentable<String>) -> JSONValue { .string(word.rawValue) }

    /// `{role, id}` with the name where `named`; null for nobody.
    static func participant(_ participant: Participant?, named: Bool = false) -> JSONValue {
        guard let participant else { return .null }
        var object: JSONObject = ["role": .word(participant.role), "id": .string(participant.id)]
        if named { object.set("name", participant.name) }
        return .object(object)
    }

    /// What was stored as JSON text; rows hold nothing but JSON that was decoded strictly before.
    static func stored(_ json: JSONText) -> JSONValue {
        if json.text == "{}" { return .object([:]) }
        return (try? JSONReader.decodeStored(json.text)) ?? .null
    }
}
