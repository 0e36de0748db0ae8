import Testing

@testable import Transport

/// RFC 7692, section 7.1: what is answered to which offer.
@Suite struct DeflateNegotiationTests {
    private static let open = PerMessageDeflate(serverNoContextTakeover: false, clientNoContextTakeover: false)

    private func answer(_ header: String, _ options: PerMessageDeflate = Self.open) throws -> String? {
        DeflateAgreement.choose(try WebSocketExtensionOffer.parse(header), options: options)?.headerValue
    }

    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        ("permessage-deflate;server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
        ("permessage-deflate ; client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
        ("permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"),
        ("permessage-deflate; server_max_window_bits=15", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
        ("permessage-deflate; client_max_window_bits=15", "permessage-deflate"),
        (
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=10"
        ),
        // The first offer that can be met counts.
        (
            "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=8, permessage-deflate;"
                + " client_no_context_takeover, permessage-deflate",
            "permessage-deflate; client_no_context_takeover"
        ),
    ])
    func accepted(offer: String, answer: String) throws {
        #expect(try self.answer(offer) == answer)
    }

    /// W17, and everything else that RFC 7692 does not define.
    @Test(arguments: [
        "permessage-bzip2", "PerMessage-Deflate",
        "permessage-deflate; server_max_window_bits=99", "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=09",
        "permessage-deflate; server_max_window_bits=+9", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=\"10\"", "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=x", "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; unknown", "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10",
    ])
    func declined(offer: String) throws {
        #expect(try answer(offer) == nil)
        #expect(try answer(offer + ", permessage-deflate") == "permessage-deflate")
    }

    @Test func threeHundredParametersAreDeclined() throws {
        let many = "permessage-deflate" + (0..<300).map { "; parameter\($0)=1" }.joined()
        #expect(try answer(many) == nil)
        #expect(try answer(many + ", permessage-deflate") == "permessage-deflate")
    }

    @Test(arguments: [
        "", ",", ";", "permessage-deflate;", "permessage-deflate,", "permessage-deflate; =1",
        "permessage-deflate; a=", "permessage-deflate; a=\"", "permessage-deflate; a=\"b", "permessage-deflate; a=\"\"",
        "permessage-deflate; a=\"b\\c\"", "permessage deflate", "permessage-deflate; a b", "pérmessage", "a\u{0}b",
    ])
    func malformed(header: String) {
        #expect(throws: WebSocketExtensionOffer.Malformed.self) { try WebSocketExtensionOffer.parse(header) }
    }

    @Test(arguments: [
        (
            PerMessageDeflate(), "permessage-deflate",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        ),
        (
            PerMessageDeflate(
                serverNoContextTakeover: false, clientNoContextTakeover: false, serverMaxWindowBits: 11,
                clientMaxWindowBits: 10),
            "permessage-deflate; client_max_window_bits; server_max_window_bits=12",
            "permessage-deflate; server_max_window_bits=11; client_max_window_bits=10"
        ),
        // Without the parameter the client cannot be told.
        (PerMessageDeflate(clientMaxWindowBits: 10), "permessage-deflate", nil),
    ])
    func settings(options: PerMessageDeflate, offer: String, answer: String?) throws {
        #expect(try self.answer(offer, options) == answer)
    }
}
