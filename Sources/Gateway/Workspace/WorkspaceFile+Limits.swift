internal import Storage

/// What the workspace may take of each node.
extension WorkspaceFile {
    struct NodeLimits: Sendable, Hashable {
        /// Connections at a time on each node; nil: as many as come.
        var connections: Int?
    }

    mutating func readLimits(_ value: YAMLValue?) {
        guard let value else { return }
        self.limits = value.fields { NodeLimits(connections: $0.optional("connections")?.integer(in: 1...1_000_000)) }
    }
}

extension WorkspaceFile.NodeLimits: SettingsDescribing {
    var describedSettings: [SettingText] {
        [SettingText("connections", self.connections, self.connections.map { "\($0)" })]
    }
}

extension ApplyWorkspace {
    func applyLimits(_ sql: Transaction) throws -> [WorkspaceChange] {
        guard let after = self.file.limits else { return [] }
        let before = WorkspaceFile.NodeLimits(connections: try Workspaces.connectionLimits(sql)[self.workspace])
        guard let change = WorkspaceChange.between(before, after, "limits") else { return [] }
        try Workspaces.setConnectionLimit(sql, self.workspace, after.connections)
        return [change]
    }
}
