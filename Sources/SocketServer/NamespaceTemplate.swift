internal import SocketIO

/// How namespaces come into being that nobody created by name.
struct NamespaceTemplate: Sendable {
    enum Rule: Sendable {
        case name(@Sendable (String) -> Bool)
        case nameAndAuth(@Sendable (String, JSONValue) async -> Bool)
    }

    let rule: Rule
    /// Its handlers are those of the children.
    let namespace: Namespace
}
