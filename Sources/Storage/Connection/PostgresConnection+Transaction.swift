internal import Glibc

extension PostgresConnection {
    /// Runs `body` between BEGIN and COMMIT, again after 40001 and 40P01, `attempts` times at most.
    func transaction<Value>(
        _ scope: WorkspaceScope, attempts: Int, _ body: (Transaction) throws -> Value
    ) throws -> Value {
        var attempt = 1
        while true {
            let transaction = Transaction(on: self, scope: scope)
            do {
                let value = try body(transaction)
                try transaction.commit()
                return value
            } catch {
                transaction.rollBack()
                guard let error = error as? StorageError, error.code == .contention, self.isUsable,
                    attempt < attempts
                else { throw error }
                // The other side of the conflict is probably about to commit: 1 to 10 ms, longer each time.
                usleep(UInt32.random(in: 1000...10_000) * UInt32(attempt))
                attempt += 1
            }
        }
    }
}
