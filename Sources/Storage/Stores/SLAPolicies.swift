internal import Assignment

/// The promises of a workspace. Which one a chat has, the schema chooses with every change of status, queue or priority.
package enum SLAPolicies {
    /// In the order in which they are tried.
    package static func all(
        _ transaction: Transaction, _ workspace: String
    ) throws(StorageError) -> [SLAPolicy] {
        let rows = try transaction.query(
            """
            select name, queues, priorities, first_response_ms, next_response_ms, resolution_ms, business_hours,
                warn_before_ms
            from sla_policies where workspace_id = $1 order by place
            """,
            [.text(workspace)])
        var policies: [SLAPolicy] = []
        for row in rows {
            policies.append(
                SLAPolicy(
                    name: try row.text(0), queues: Set(try row.texts(1)),
                    priorities: Set(try row.texts(2).compactMap(Priority.init(rawValue:))),
                    firstResponseMilliseconds: try row.optionalInt(3),
                    nextResponseMilliseconds: try row.optionalInt(4), resolutionMilliseconds: try row.optionalInt(5),
                    countsBusinessHours: try row.bool(6), warnBeforeMilliseconds: try row.int(7)))
        }
        return policies
    }

    /// Makes them the workspace's promises, and no others, in this order, for the chats that are open as well. Clocks of a
    /// promise that stays keep what they began with.
    package static func set(
        _ transaction: Transaction, _ workspace: String, _ policies: [SLAPolicy]
    ) throws(StorageError) {
        try transaction.execute("delete from sla_policies where workspace_id = $1", [.text(workspace)])
        for (place, policy) in policies.enumerated() {
            try transaction.execute(
                """
                insert into sla_policies (
                    workspace_id, name, place, queues, priorities, first_response_ms, next_response_ms, resolution_ms,
                    business_hours, warn_before_ms)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                [
                    .text(workspace), .text(policy.name), .int(place), .texts(policy.queues.sorted()),
                    .texts(policy.priorities.sorted().map(\.rawValue)), .int(policy.firstResponseMilliseconds),
                    .int(policy.nextResponseMilliseconds), .int(policy.resolutionMilliseconds),
                    .bool(policy.countsBusinessHours), .int(policy.warnBeforeMilliseconds),
                ])
        }
        try transaction.execute(
            """
            update chats set sla_policy = sla_policy_for(workspace_id, status, queue, priority)
            where workspace_id = $1 and status <> 'closed'
                and sla_policy is distinct from sla_policy_for(workspace_id, status, queue, priority)
            """,
            [.text(workspace)])
    }
}
