internal import Synchronization

/// How many connections each workspace has on this node, and how many it may have.
///
/// Asked when somebody comes in and told when they have left; messages know nothing of it. A workspace that is full turns
/// away whoever comes, and nobody of another one.
final class WorkspaceQuotas: Sendable {
    /// What one connection takes of its workspace's quota: given back once, at the latest when nobody holds it any more.
    final class Place: Sendable {
        private let quotas: WorkspaceQuotas
        private let workspace: String
        private let isTaken = Atomic(true)

        fileprivate init(of workspace: String, in quotas: WorkspaceQuotas) {
            self.quotas = quotas
            self.workspace = workspace
        }

        func giveBack() {
            guard self.isTaken.exchange(false, ordering: .relaxed) else { return }
            self.quotas.giveBack(self.workspace)
        }

        deinit { self.giveBack() }
    }

    private struct State {
        var limits: [String: Int] = [:]
        /// Of every workspace with a connection: one may be limited while it has some.
        var connections: [String: Int] = [:]
        var refused = 0

        func isFull(_ workspace: String) -> Bool {
            guard let limit = self.limits[workspace] else { return false }
            return self.connections[workspace] ?? 0 >= limit
        }
    }

    private let state = Mutex(State())

    /// What the workspaces say now. Where there are more by then, nobody is sent away.
    func set(_ limits: [String: Int]) { self.state.withLock { $0.limits = limits } }

    /// Whether any workspace has a quota, so that it is worth finding out whose somebody is.
    var isLimiting: Bool { self.state.withLock { !$0.limits.isEmpty } }

    func isFull(_ workspace: String) -> Bool { self.state.withLock { $0.isFull(workspace) } }

    func connections(of workspace: String) -> Int { self.state.withLock { $0.connections[workspace] ?? 0 } }

    /// Connections that were turned away since the start.
    var refused: Int { self.state.withLock { $0.refused } }

    /// Counts a connection in; nil where the workspace is full.
    func take(_ workspace: String) -> Place? {
        let isIn = self.state.withLock { state in
            guard !state.isFull(workspace) else {
                state.refused += 1
                return false
            }
            state.connections[workspace, default: 0] += 1
            return true
        }
        return isIn ? Place(of: workspace, in: self) : nil
    }

    /// Somebody of the workspace was turned away before there was anything to count.
    func noteRefusal() { self.state.withLock { $0.refused += 1 } }

    private func giveBack(_ workspace: String) {
        self.state.withLock { state in
            let left = (state.connections[workspace] ?? 1) - 1
            state.connections[workspace] = left > 0 ? left : nil
        }
    }
}
