internal import Assignment
internal import NIOCore
internal import SocketIO

/// What a token says. Times are whole seconds since 1970.
struct TokenClaims: Sendable, Hashable {
    var subject: String
    var role: Role
    var workspace: String = WorkspaceName.standard
    var name: String?
    var scopes: Set<Scope> = []
    var expiresAt: Int64
    var issuedAt: Int64?
    var notBefore: Int64?
    var id: String?
    /// The id of the widget key under which an anonymous visitor got the token.
    var widgetKey: String?
    var issuer: String?
    var audience: [String] = []
}

extension TokenClaims {
    /// The largest time that a token may name: the year 9999.
    private static let latest: Int64 = 253_402_300_799

    /// Reads the claims of a token whose signature has been checked.
    ///
    /// Strict on purpose: a claim of the wrong type is a refused token, never an absent claim. Unknown claims and
    /// scopes are ignored, so that an older gateway grants less than a newer one, not nothing.
    init(reading payload: [UInt8]) throws(AuthenticationError) {
        let object: JSONObject
        do {
            guard case .object(let value) = try JSONReader.decode(ByteBuffer(bytes: payload)) else {
                throw AuthenticationError.unauthenticated(.claims)
            }
            object = value
        } catch {
            throw .unauthenticated(.claims)
        }
        guard let subject = try object.claimedText("sub"), SubjectName.isValid(subject),
            let role = try object.claimedText("role").flatMap(Role.init(rawValue:)), role != .system,
            let expiresAt = try object.claimedTime("exp", latest: Self.latest)
        else { throw .unauthenticated(.claims) }
        self.subject = subject
        self.role = role
        self.expiresAt = expiresAt
        self.issuedAt = try object.claimedTime("iat", latest: Self.latest)
        self.notBefore = try object.claimedTime("nbf", latest: Self.latest)
        self.id = try object.claimedText("jti")
        self.widgetKey = try object.claimedText("wk")
        self.issuer = try object.claimedText("iss")
        self.name = try object.claimedText("name")
        if let workspace = try object.claimedText("workspace") { self.workspace = workspace }
        guard WorkspaceName.isValid(self.workspace), self.name.map(SubjectName.isValid) ?? true else {
            throw .unauthenticated(.claims)
        }
        self.scopes = Set(try object.claimedTexts("scopes").compactMap(Scope.init(rawValue:)))
        self.audience =
            if let single = object["aud"]?.string { [single] } else { try object.claimedTexts("aud") }
    }
}

extension JSONObject {
    fileprivate func claimedText(_ key: String) throws(AuthenticationError) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = value.string, text.utf8.count <= 1024 else { throw .unauthenticated(.claims) }
        return text
    }

    fileprivate func claimedTexts(_ key: String) throws(AuthenticationError) -> [String] {
        guard let value = self[key], !value.isNull else { return [] }
        guard let array = value.array, array.count <= 64 else { throw .unauthenticated(.claims) }
        var texts: [String] = []
        for element in array {
            guard let text = element.string else { throw .unauthenticated(.claims) }
            texts.append(text)
        }
        return texts
    }

    /// A NumericDate as every signer in use writes it: plain digits. `1.5e9`, `-1` and `"soon"` are refused.
    fileprivate func claimedTime(_ key: String, latest: Int64) throws(AuthenticationError) -> Int64? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let number = value.number, number.isIntegerLiteral, let seconds = Int64(number.source),
            (0...latest).contains(seconds)
        else { throw .unauthenticated(.claims) }
        return seconds
    }
}

extension TokenClaims {
    /// How far the clocks of signer and verifier may differ for `nbf` and `iat`; `exp` is strict.
    static let leeway: Int64 = 30

    /// Refuses what is not valid at `now` (seconds since 1970), or not for us.
    ///
    /// - Parameters:
    ///   - issuer: What `iss` must be, where that is configured.
    ///   - audience: What `aud` must contain.
    func check(now: Int64, issuer: String?, audience: String?) throws(AuthenticationError) {
        guard now < self.expiresAt else { throw .unauthenticated(.expired) }
        let latest = now.addingReportingOverflow(Self.leeway).partialValue
        guard (self.notBefore ?? 0) <= latest, (self.issuedAt ?? 0) <= latest else {
            throw .unauthenticated(.notYetValid)
        }
        if let issuer, self.issuer != issuer { throw .unauthenticated(.issuer) }
        if let audience, !self.audience.contains(audience) { throw .unauthenticated(.audience) }
    }
}

extension TokenClaims {
    /// The claims as they are written into a token.
    var json: JSONValue {
        var members: [JSONObject.Member] = []
        func add(_ key: String, _ value: JSONValue) {
            if !value.isNull { members.append(JSONObject.Member(key: key, value: value)) }
        }
        add("sub", .string(self.subject))
        add("role", .string(self.role.rawValue))
        add("workspace", .string(self.workspace))
        add("name", JSONValue(self.name))
        if !self.scopes.isEmpty { add("scopes", .array(self.scopes.map(\.rawValue).sorted().map(JSONValue.string))) }
        add("exp", .int(self.expiresAt))
        add("iat", JSONValue(self.issuedAt))
        add("nbf", JSONValue(self.notBefore))
        add("jti", JSONValue(self.id))
        add("wk", JSONValue(self.widgetKey))
        add("iss", JSONValue(self.issuer))
        if !self.audience.isEmpty { add("aud", .array(self.audience.map(JSONValue.string))) }
        return .object(JSONObject(members))
    }
}
