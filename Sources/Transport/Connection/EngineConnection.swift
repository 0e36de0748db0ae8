package import EngineIO
package import NIOCore

/// One Engine.IO session, confined to its home event loop.
package final class EngineConnection: @unchecked Sendable {
    // Proof of Sendable: `id`, `eventLoop` and `handshake` never change; all else is touched on `eventLoop` only,
    // which every entry point asserts.

    /// The session's id: a capability, never to be logged in full.
    package let id: SessionID
    /// The home loop: every call of the handler happens here, and every method must be called here.
    package let eventLoop: any EventLoop
    /// The request that started the session.
    package let handshake: EngineHandshake
    /// A place for the layer above, released when the session is.
    package var context: AnyObject?

    init(id: SessionID, eventLoop: any EventLoop, handshake: EngineHandshake) {
        self.id = id
        self.eventLoop = eventLoop
        self.handshake = handshake
    }

    /// The transport that carries messages now.
    package var transport: TransportName { handshake.transport }

    /// The protocol revision of the session.
    package var revision: Revision { handshake.revision }

    /// Whether a message written now leaves at once: what volatile messages ask.
    ///
    /// False without a pending poll, while an upgrade is under way, and while earlier bytes are not yet handed to the
    /// system.
    package var isWritable: Bool { false }

    /// Bytes that wait for the client.
    package var pendingBytes: Int { 0 }

    /// Whether so much waits that optional traffic should be left out.
    package var isCongested: Bool { false }

    /// Whether the session still takes messages.
    package var isOpen: Bool { true }

    /// Sends a message. Once more than ``TransportConfiguration/maxPendingBytes`` would wait, the session closes as
    /// `slow_consumer` instead; to a session that is closed the message is dropped.
    package func send(_ message: EngineMessage) {}

    /// Sends a message that was encoded once for many sessions.
    package func send(prepared: PreparedMessage) {}

    /// Closes the session: what waits is still delivered, then the client is told.
    ///
    /// The handler's `closed` has been called when this returns.
    package func close(_ reason: CloseReason = .forcedClose) {}

    /// Stops delivering messages until ``resumeReading()``; the client is slowed down by its own transport.
    package func pauseReading() {}

    /// Continues after ``pauseReading()``.
    package func resumeReading() {}
}
