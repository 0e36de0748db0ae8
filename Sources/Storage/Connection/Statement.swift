/// One statement with its parameters, before it is sent.
struct Statement {
    var sql: StaticString
    var parameters: [SQLValue] = []

    static let begin = Statement(sql: "begin")
    static let commit = Statement(sql: "commit")
    static let rollback = Statement(sql: "rollback")

    /// What makes two statements share one prepared statement: the text and the declared types.
    var key: Key {
        Key(text: UInt(bitPattern: self.sql.utf8Start), types: self.parameters.map(\.typeID))
    }

    struct Key: Hashable {
        /// The address of the text. A `StaticString` is a literal: its bytes stay where they are, unchanged.
        var text: UInt
        var types: [UInt32]
    }
}
