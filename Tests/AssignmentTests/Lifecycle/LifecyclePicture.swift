@testable import Assignment

/// The picture of docs/lifecycle.md, drawn from the pure table (`ChatStatus.successors`): every arrow there is one of the
/// table, and the words beside it are the only thing written down here.
enum LifecyclePicture {
    /// What leads along an arrow. A test demands words for every arrow of the table, and for none besides.
    static let causes: [[ChatStatus]: String] = [
        [.bot, .waiting]: "escalates, bot silent or gone",
        [.bot, .active]: "a person writes or takes over",
        [.bot, .closed]: "resolved, silence",
        [.waiting, .offered]: "offer",
        [.waiting, .active]: "assigned or taken",
        [.waiting, .bot]: "back to a bot",
        [.waiting, .offline]: "queue closed",
        [.waiting, .closed]: "visitor gone, closed",
        [.offered, .active]: "accepted",
        [.offered, .waiting]: "rejected, missed, rescinded",
        [.offered, .closed]: "closed",
        [.active, .waiting]: "released, person lost, other queue",
        [.active, .offered]: "passed on to a person",
        [.active, .paused]: "snooze",
        [.active, .bot]: "handed back to a bot",
        [.active, .wrapup]: "closed by its person",
        [.active, .closed]: "closed, silence",
        [.paused, .active]: "wakes with its person",
        [.paused, .waiting]: "wakes without",
        [.paused, .closed]: "closed",
        [.wrapup, .closed]: "time over, closed again",
        [.offline, .waiting]: "queue opens",
        [.offline, .bot]: "taken by a bot",
        [.offline, .closed]: "closed",
        [.closed, .waiting]: "reopened",
        [.closed, .bot]: "reopened",
    ]

    /// In the order in which a chat usually passes them.
    private static let order: [ChatStatus] = [
        .bot, .waiting, .offered, .active, .paused, .wrapup, .offline, .closed,
    ]

    static var arrows: [[ChatStatus]] {
        Self.order.flatMap { status in
            Self.order.filter(status.successors.contains).map { [status, $0] }
        }
    }

    /// Mermaid's state diagram, as the block in the document has it.
    static var mermaid: String {
        let beginnings = Self.order.filter(ChatStatus.initial.contains).map { "    [*] --> \($0.rawValue)" }
        let steps = Self.arrows.map { arrow in
            "    \(arrow[0].rawValue) --> \(arrow[1].rawValue): \(Self.causes[arrow] ?? "?")"
        }
        return (["stateDiagram-v2"] + beginnings + steps).joined(separator: "\n")
    }
}
