internal import Assignment
internal import SocketIO

/// `bot:turn`: when it begins, and again for a bot that connects while the visitor waits for it.
enum TurnForm {
    /// - Parameter base: What every event of a chat begins with.
    static func turn(_ turn: TurnID, base: JSONObject, reason: String) -> JSONObject {
        var form = base
        form["turnId"] = .string(turn.description)
        form["epoch"] = .int(turn.epoch)
        form["seq"] = .int(turn.seq)
        form["reason"] = .string(reason)
        return form
    }
}
