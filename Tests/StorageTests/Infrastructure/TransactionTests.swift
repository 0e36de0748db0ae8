import Assignment
import Storage
import StorageTestSupport
import Testing

@Suite struct TransactionTests {
    @Test func valuesMakeTheRoundTrip() async throws {
        try await TestDatabase.with { test in
            try await test.database.transaction(.none) { tx in
                let row = try #require(
                    try tx.query(
                        """
                        select $1::text, $2::bigint, $3::double precision, $4::boolean, $5::bytea, $6::text[],
                            $7::bigint[], $8::timestamptz, $9::jsonb ->> 'a', $10::uuid, null
                        """,
                        [
                            .text("ñandú \"{}\\,'"), .int(Int64.min), .double(-0.1), .bool(true),
                            .bytes([0, 255, 10]), .texts(["", "a,b", "\"q\"", "\\", "NULL", "ü"]), .ints([1, -2]),
                            .timestamp(Timestamp(microseconds: 1_700_000_000_123_456)), .text("{\"a\":\"x\"}"),
                            .text("6F9619FF-8B86-D011-B42D-00CF4FC964FF"),
                        ]
                    ).first
                )
                #expect(try row.text(0) == "ñandú \"{}\\,'")
                #expect(try row.int(1) == .min)
                #expect(try row.double(2) == -0.1)
                #expect(try row.bool(3))
                #expect(try row.bytes(4) == [0, 255, 10])
                #expect(try row.texts(5) == ["", "a,b", "\"q\"", "\\", "NULL", "ü"])
                #expect(try row.ints(6) == [1, -2])
                #expect(try row.timestamp(7).microseconds == 1_700_000_000_123_456)
                #expect(try row.text(8) == "x")
                #expect(try row.text(9) == "6f9619ff-8b86-d011-b42d-00cf4fc964ff")
                #expect(try row.isNull(10))
            }
        }
    }
}
