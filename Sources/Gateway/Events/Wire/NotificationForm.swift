internal import SocketIO
internal import Storage

/// `notification`: live, and again on connect while it waits to be acknowledged.
enum NotificationForm {
    static func notification(_ raised: NotificationRaised, eventID: String) -> JSONObject {
        var body: JSONObject = [
            "eventId": .string(eventID),
            "notificationId": .string(raised.notificationID),
            "type": .string(raised.type),
        ]
        body.set("severity", raised.severity)
        body["target"] = .string(raised.target)
        body.set("chatId", raised.chatID)
        body["data"] = .stored(raised.data)
        body["from"] = .participant(raised.sender)
        body["timestamp"] = .time(raised.createdAt)
        body["expiresAt"] = .time(raised.expiresAt)
        return body
    }
}
