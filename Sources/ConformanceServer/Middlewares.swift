internal import SocketIO
internal import SocketServer
internal import Transport

enum Middlewares {
    /// Accepts `auth.token` or the query parameter `token` with the value `secret`.
    static let secret: Middleware = { socket in
        let token = (try? socket.decodeAuth())?["token"]?.string ?? socket.handshake.queryValue("token")
        guard token == "secret" else {
            throw ConnectRefusal(message: "not authorized", data: ["code": 401, "hint": "réessayez"])
        }
    }

    /// Takes 200 ms.
    static let slow: Middleware = { _ in
        try await Task.sleep(for: .milliseconds(200))
    }
}
