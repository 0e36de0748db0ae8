internal import Assignment

extension Transaction {
    /// The first row of a statement that cannot come back empty.
    func one(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> Row {
        guard let row = try self.query(sql, parameters).first else {
            throw StorageError(code: .unexpected, message: "a statement that always answers gave no row")
        }
        return row
    }
}

extension SQLValue {
    static func json(_ value: JSONText) -> SQLValue { .text(value.text) }

    static func double(_ value: Double?) -> SQLValue { value.map { .double($0) } ?? .null }
}
