package import Assignment

/// A key that verifies tokens of a workspace.
package struct VerificationKeyRow: Sendable, Hashable {
    package var workspaceID: String
    /// As tokens name it in `kid`.
    package var id: String
    package var algorithm: String
    /// A secret (HS256), or a public key in PEM form.
    package var material: String
    /// What `iss` must be; nil: whatever it is.
    package var issuer: String?
    package var audience: String?

    package init(
        workspaceID: String, id: String, algorithm: String, material: String, issuer: String? = nil,
        audience: String? = nil
    ) {
        self.workspaceID = workspaceID
        self.id = id
        self.algorithm = algorithm
        self.material = material
        self.issuer = issuer
        self.audience = audience
    }
}

/// The key set of a workspace, as last fetched.
package struct KeySetRow: Sendable, Hashable {
    package var workspaceID: String
    package var url: String
    package var issuer: String?
    package var audience: String?
    /// The JSON from there; nil until it was reached for the first time.
    package var document: String?

    package init(
        workspaceID: String, url: String, issuer: String? = nil, audience: String? = nil, document: String? = nil
    ) {
        self.workspaceID = workspaceID
        self.url = url
        self.issuer = issuer
        self.audience = audience
        self.document = document
    }
}

/// What is void before its time.
package struct RevocationRow: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        /// One token.
        case token(id: String)
        /// Every token of a subject that was issued up to an instant; in one role, or in all.
        case subject(String, role: Role?, issuedUntil: Timestamp)
    }

    package var workspaceID: String
    package var subject: Subject

    package init(workspaceID: String, subject: Subject) {
        self.workspaceID = workspaceID
        self.subject = subject
    }
}
