internal import CPostgres

/// Where a PostgreSQL server is and whom to log in as: libpq's own connection parameters, already parsed.
///
/// Its description never shows the password.
package struct DatabaseURL: Sendable, Equatable {
    /// libpq keywords and values (PostgreSQL documentation, 34.1.2), in libpq's order.
    private(set) var parameters: [Parameter]

    struct Parameter: Sendable, Equatable {
        var keyword: String
        var value: String
    }

    /// Reads `postgresql://user:password@host:port/database?sslmode=verify-full` or `host=… dbname=…`, exactly as
    /// libpq reads it.
    package init(parsing text: String) throws(DatabaseURLError) {
        guard !text.utf8.contains(0), !text.isEmpty else {
            throw DatabaseURLError(message: "the database URL is empty or holds a zero byte")
        }
        // libpq takes any text without "=" or "://" for a database's name; that is more often a slip.
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") || text.contains("=") else {
            throw DatabaseURLError(message: "the database URL must start with postgresql://")
        }
        guard let options = PQconninfoParse(text, nil) else {
            // libpq's message quotes the text, password included.
            throw DatabaseURLError(message: "the database URL cannot be read; expected postgresql://user@host/name")
        }
        defer { PQconninfoFree(options) }
        self.parameters = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                self.parameters.append(Parameter(keyword: String(cString: keyword), value: String(cString: value)))
            }
            option += 1
        }
    }

    /// A server that listens on a Unix socket in `socketDirectory`.
    package init(socketDirectory: String, port: Int, user: String, database: String) {
        self.parameters = [
            Parameter(keyword: "host", value: socketDirectory),
            Parameter(keyword: "port", value: String(port)),
            Parameter(keyword: "user", value: user),
            Parameter(keyword: "dbname", value: database),
        ]
    }

    /// The same server and user, another database.
    package func database(_ name: String) -> DatabaseURL {
        var copy = self
        copy["dbname"] = name
        return copy
    }

    /// Whether it holds a password, and so is a secret itself.
    package var hasPassword: Bool { self["password"]?.isEmpty == false }

    subscript(keyword: String) -> String? {
        get { self.parameters.last { $0.keyword == keyword }?.value }
        set {
            self.parameters.removeAll { $0.keyword == keyword }
            if let newValue { self.parameters.append(Parameter(keyword: keyword, value: newValue)) }
        }
    }

    /// Keeps what the URL says and adds the value where it says nothing.
    mutating func setDefault(_ keyword: String, _ value: String) {
        if self[keyword] == nil { self[keyword] = value }
    }
}

extension DatabaseURL: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        ["user", "host", "hostaddr", "port", "dbname"]
            .compactMap { keyword in self[keyword].map { "\(keyword)=\($0)" } }
            .joined(separator: " ")
    }

    package var debugDescription: String { self.description }
}
