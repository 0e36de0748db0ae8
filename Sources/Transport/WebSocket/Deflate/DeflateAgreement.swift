/// What server and client agreed on about permessage-deflate: RFC 7692, section 7.1.
struct DeflateAgreement: Sendable, Equatable {
    var serverNoContextTakeover: Bool
    var clientNoContextTakeover: Bool
    /// 9 to 15: zlib makes no raw stream with less.
    var serverWindowBits: Int
    /// 8 to 15.
    var clientWindowBits: Int
    /// Whether the client said that it can limit its window: only then may the answer name a limit.
    private var namesClientWindow: Bool

    /// The first of a client's offers that can be met; nil declines them all.
    static func choose(_ offers: [WebSocketExtensionOffer], options: PerMessageDeflate) -> DeflateAgreement? {
        offers.lazy.compactMap { DeflateAgreement($0, options: options) }.first
    }

    private init?(_ offer: WebSocketExtensionOffer, options: PerMessageDeflate) {
        guard offer.name == "permessage-deflate", offer.parameters.count <= 4 else { return nil }
        serverNoContextTakeover = options.serverNoContextTakeover
        clientNoContextTakeover = options.clientNoContextTakeover
        serverWindowBits = options.serverMaxWindowBits
        clientWindowBits = options.clientMaxWindowBits
        namesClientWindow = false
        var seen: Set<Substring> = []
        for parameter in offer.parameters {
            guard !parameter.isQuoted, seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil):
                serverNoContextTakeover = true
            case ("client_no_context_takeover", nil):
                clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                // Eight bits are legal, but more than zlib promises.
                guard let bits = Self.windowBits(value), bits >= 9 else { return nil }
                serverWindowBits = min(serverWindowBits, bits)
            case ("client_max_window_bits", nil):
                namesClientWindow = true
            case ("client_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                namesClientWindow = true
                clientWindowBits = min(clientWindowBits, bits)
            default:
                return nil
            }
        }
        guard namesClientWindow || clientWindowBits == 15 else { return nil }
    }

    /// A number from 8 to 15 without leading zeros.
    private static func windowBits(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let bits = Int(text), 8...15 ~= bits
        else { return nil }
        return bits
    }

    /// The value of `Sec-WebSocket-Extensions` in the answer.
    var headerValue: String {
        var value = "permessage-deflate"
        if serverNoContextTakeover { value += "; server_no_context_takeover" }
        if clientNoContextTakeover { value += "; client_no_context_takeover" }
        if serverWindowBits < 15 { value += "; server_max_window_bits=\(serverWindowBits)" }
        if namesClientWindow, clientWindowBits < 15 { value += "; client_max_window_bits=\(clientWindowBits)" }
        return value
    }
}
