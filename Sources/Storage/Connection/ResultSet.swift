internal import CPostgres

/// Owns one `PGresult`. Stays on the thread of its connection, like the rows that point into it.
final class ResultSet {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        PQclear(self.raw)
    }

    var rows: [Row] {
        (0..<PQntuples(self.raw)).map { Row(result: self, index: $0) }
    }

    /// The number of rows that an INSERT, UPDATE, DELETE or SELECT touched.
    var affectedRows: Int {
        PQcmdTuples(self.raw).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// The command that PostgreSQL says it carried out, such as `COMMIT`.
    var commandTag: String {
        PQcmdStatus(self.raw).map { String(cString: $0) } ?? ""
    }

    /// The text form of a value, `nil` for NULL.
    func value(row: Int32, column: Int) throws(StorageError) -> UnsafeBufferPointer<UInt8>? {
        guard let column = Int32(exactly: column), column >= 0, column < PQnfields(self.raw) else {
            throw .unexpected("no column \(column) in the result")
        }
        guard PQgetisnull(self.raw, row, column) == 0, let start = PQgetvalue(self.raw, row, column) else {
            return nil
        }
        let count = Int(PQgetlength(self.raw, row, column))
        // libpq keeps the value in this result, and the result lives as long as `self`.
        return start.withMemoryRebound(to: UInt8.self, capacity: count) {
            UnsafeBufferPointer(start: $0, count: count)
        }
    }
}
