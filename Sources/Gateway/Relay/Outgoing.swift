internal import NIOCore
internal import SocketIO

/// One form of one event for one audience.
struct Outgoing: Sendable, Hashable {
    var event: String
    var body: JSONObject
    /// Whoever is in one of these gets it once…
    var rooms: [Room]
    /// …but for whoever is in one of these…
    var except: [Room] = []
    /// …and this one socket.
    var exceptSocket: String?

    var encodedBody: ByteBuffer { JSONValue.object(self.body).encoded() }

    /// Whether a socket that is in `memberships` belongs to the audience.
    func reaches(socket: String, isIn: (Room) -> Bool) -> Bool {
        socket != self.exceptSocket && self.rooms.contains(where: isIn) && !self.except.contains(where: isIn)
    }
}
