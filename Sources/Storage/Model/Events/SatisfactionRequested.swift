package import Assignment

/// `csat:request`: the visitor is asked how it was.
package struct SatisfactionRequested: Sendable, Hashable, Codable {
    package var expiresAt: Timestamp
    /// Who they talked with.
    package var commercialName: String?
    package var url: String?

    package init(expiresAt: Timestamp, commercialName: String?, url: String?) {
        self.expiresAt = expiresAt
        self.commercialName = commercialName
        self.url = url
    }
}
