internal import Assignment

extension Transaction {
    /// The first row of a statement that cannot come back empty.
    func one(_ sql: StaticString, _ parameters: [SQLValue] = []) throws(StorageError) -> Row {
        guard let row = try self.query(sql, parameters).first else {
            throw StorageError(code: .unexpected, message: "a statement that always answers gave no row")
        }
        return row
    }

    /// The rows of a statement that names things: workspace and id.
    func named(
        _ sql: StaticString, _ parameters: [SQLValue] = []
    ) throws(StorageError) -> [(workspace: String, id: String)] {
        var named: [(workspace: String, id: String)] = []
        for row in try self.query(sql, parameters) { named.append((try row.text(0), try row.text(1))) }
        return named
    }
}

extension SQLValue {
    static func json(_ value: JSONText) -> SQLValue { .text(value.text) }

    static func double(_ value: Double?) -> SQLValue { value.map { .double($0) } ?? .null }
}
