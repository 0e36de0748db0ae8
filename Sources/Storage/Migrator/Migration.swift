internal import Crypto
internal import Foundation

/// One numbered step of the schema: a file of `migrations/`, compiled in.
package struct Migration: Sendable, Equatable {
    /// The four digits that the file's name begins with; 1, 2, 3, … without gaps.
    package var number: Int
    /// The rest of the name, such as `init` of `0001_init.sql`.
    package var name: String
    package var sql: String

    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// SHA-256 of the text in hexadecimal: a shipped migration is never edited.
    var checksum: String {
        SHA256.hash(data: Data(self.sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// `0001_init.sql`
    var fileName: String {
        let digits = String(self.number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(self.name).sql"
    }
}
