import Testing

@testable import Storage

@Suite struct StorageErrorTests {
    @Test(arguments: [
        ("40001", StorageError.Code.contention), ("40P01", .contention),
        // Timeouts, endings, read-only, disk full, memory, connections, input and output.
        ("57014", .unavailable), ("55P03", .unavailable), ("25P03", .unavailable), ("57P01", .unavailable),
        ("57P02", .unavailable), ("57P03", .unavailable), ("25006", .unavailable), ("53100", .unavailable),
        ("53200", .unavailable), ("53300", .unavailable), ("08006", .unavailable), ("58030", .unavailable),
        ("23505", .constraint), ("23514", .constraint), ("23503", .constraint), ("23502", .constraint),
        ("42P01", .unexpected), ("22P02", .unexpected), ("25P02", .unexpected), ("XX000", .unexpected),
        ("40002", .unexpected),
    ])
    func codes(sqlState: String, code: StorageError.Code) {
        #expect(StorageError.code(sqlState: sqlState) == code)
    }

    @Test func dataExceptionsQuoteNothing() {
        let error = StorageError(sqlState: "22P02", constraint: nil, message: "invalid input syntax: \"secret\"")
        #expect(!error.description.contains("secret"))
    }
}
