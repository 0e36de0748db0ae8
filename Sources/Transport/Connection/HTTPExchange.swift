internal import NIOCore

/// A request that waits for its answer, as a session on any loop holds it.
///
/// Answering hops to the connection's loop if need be. A second answer, or one to a connection that is gone, is
/// dropped there.
struct HTTPExchange: Sendable, Equatable {
    private let connection: NIOLoopBound<HTTPConnection>
    private let identity: ObjectIdentifier
    private let serial: Int
    let eventLoop: any EventLoop

    init(connection: HTTPConnection, serial: Int) {
        eventLoop = connection.loop.eventLoop
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
        identity = ObjectIdentifier(connection)
        self.serial = serial
    }

    func answer(_ answer: HTTPAnswer) {
        if eventLoop.inEventLoop {
            connection.value.answer(answer, to: serial)
        } else {
            eventLoop.execute { self.connection.value.answer(answer, to: self.serial) }
        }
    }

    /// Refuses the request with one of the numbered errors, of which the layer above is told.
    func refuse(_ cause: ConnectionError.Cause, by engine: Engine) {
        if eventLoop.inEventLoop {
            connection.value.refuse(cause, by: engine, serial: serial)
        } else {
            eventLoop.execute { self.connection.value.refuse(cause, by: engine, serial: self.serial) }
        }
    }

    static func == (left: HTTPExchange, right: HTTPExchange) -> Bool {
        left.identity == right.identity && left.serial == right.serial
    }
}
