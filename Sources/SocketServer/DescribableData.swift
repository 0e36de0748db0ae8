package import SocketIO

/// Data of a socket (``Socket/data``) that can be told to other servers: what ``RemoteSocket/data`` shows of it there.
package protocol DescribableData: AnyObject, Sendable {
    /// What others may see.
    var jsonDescription: JSONValue { get }
}
