import Testing

@testable import Storage

@Suite struct DatabaseURLTests {
    @Test func readsWhatLibpqReads() throws {
        let url = try DatabaseURL(parsing: "postgresql://me:s%40crt@db.example:6543/chat?sslmode=verify-full")
        #expect(url["user"] == "me")
        #expect(url["password"] == "s@crt")
        #expect(url["host"] == "db.example")
        #expect(url["port"] == "6543")
        #expect(url["dbname"] == "chat")
        #expect(url["sslmode"] == "verify-full")
        #expect(try DatabaseURL(parsing: "host=/run/pg dbname=x")["host"] == "/run/pg")
        #expect(url.database("other")["dbname"] == "other")
    }

    @Test func neverShowsThePassword() throws {
        let url = try DatabaseURL(parsing: "postgresql://me:hunter2@db.example/chat")
        #expect(!"\(url)".contains("hunter2"))
        #expect(!String(reflecting: url).contains("hunter2"))
        #expect("\(url)".contains("db.example"))
    }

    @Test(arguments: [
        "", "chat", "mysql://x/y", "postgresql://me:hunter2@[::1/chat", "postgresql://h/d?nonsense=hunter2",
        "postgresql://h:hunter2/d\0",
    ])
    func refusals(text: String) {
        do {
            let url = try DatabaseURL(parsing: text)
            Issue.record("\(text) was read as \(url)")
        } catch {
            #expect(!error.message.contains("hunter2"))
        }
    }
}
