internal import EngineIO
internal import Transport

/// Sends every Engine.IO message back on its session.
final class EngineEcho: EngineHandler {
    func opened(_ connection: EngineConnection) {}

    func received(_ message: EngineMessage, on connection: EngineConnection) {
        connection.send(message)
    }

    func closed(_ connection: EngineConnection, reason: CloseReason) {}
}
