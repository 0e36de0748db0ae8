internal import Glibc

/// The thread of one pooled connection: connects, runs transactions, watches the idle socket, says what happened.
struct ConnectionThread: Sendable {
    enum Command {
        case connect(after: Duration)
        case run(PoolStateMachine.JobID, Pool.Job)
        case stop
    }

    let slot: Int
    let wakeUp: WakeUp
    let pool: Pool
    let configuration: Database.Configuration

    /// The life of the thread.
    func run() {
        var connection: PostgresConnection?
        var connectAt: ContinuousClock.Instant?
        while true {
            if let command = self.pool.command(for: self.slot) {
                switch command {
                case .stop:
                    connection = nil
                    self.pool.stopped(self.slot)
                    return
                case .connect(let delay):
                    connectAt = .now + delay
                case .run(let id, let job):
                    connection = self.serve(id, job, on: connection)
                }
            } else if connection == nil, let due = connectAt, due <= .now {
                connectAt = nil
                connection = self.connect()
            } else if self.wakeUp.wait(orFor: connection?.socket, until: connectAt) == .socket {
                connection?.drainIdleInput()
                if let lost = connection, !lost.isUsable {
                    connection = nil
                    self.pool.lost(self.slot)
                }
            }
        }
    }

    private func connect() -> PostgresConnection? {
        do {
            let connection = try PostgresConnection(self.configuration.url, patience: self.configuration.patience)
            try self.configuration.session.apply(to: connection)
            self.pool.connected(self.slot)
            return connection
        } catch {
            self.pool.lost(self.slot, error: error)
            return nil
        }
    }

    private func serve(
        _ id: PoolStateMachine.JobID, _ job: Pool.Job, on connection: PostgresConnection?
    ) -> PostgresConnection? {
        connection?.checkIdle()
        guard let connection, connection.isUsable else {
            self.pool.lost(self.slot, unstarted: id, job: job)
            return nil
        }
        let handOver = job.run(connection)
        defer { handOver() }
        guard connection.isUsable, connection.isIdle else {
            self.pool.lost(self.slot)
            return nil
        }
        self.pool.finished(self.slot)
        return connection
    }
}
