/// The revision of the Socket.IO protocol that a connection speaks; it follows from the revision of Engine.IO below.
///
/// Events, acks and their binary forms are the same in both. How a client gets into a namespace is not.
package enum Dialect: Sendable, Hashable, CaseIterable {
    /// Of Socket.IO 1 and 2, on Engine.IO 3: `/` is joined with the connection, a CONNECT to another namespace may carry
    /// a query behind the name, its answer is bare, and a refusal is any JSON value.
    case revision4
    /// Of Socket.IO 3 and 4: every namespace is joined by a CONNECT with an object, whose answer names the socket.
    case revision5
}
