/// An event for many, before it is encoded: servers of a cluster may write packets differently.
package struct BroadcastEvent: Sendable, Hashable {
    package var name: String
    package var arguments: EventArguments

    package init(_ name: String, _ arguments: EventArguments = []) {
        self.name = name
        self.arguments = arguments
    }
}
