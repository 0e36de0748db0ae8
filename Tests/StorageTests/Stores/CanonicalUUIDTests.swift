import Storage
import Testing

@Suite struct CanonicalUUIDTests {
    static let id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"

    @Test func matchesOneSpellingOnly() {
        #expect(CanonicalUUID.matches(Self.id))
        let others = [
            "", "6f9619ff", Self.id.uppercased(), "{\(Self.id)}", Self.id + "0", " " + Self.id,
            String(Self.id.dropLast()),
            Self.id.replacing("-", with: ""), Self.id.replacing("f", with: "g"), Self.id.replacing("-", with: "0"),
            "6f9619ff-8b86-d011-b42d-00cf4fc964f\u{FF46}", "6f9619ff-8b86-d011-b42d-00cf4fc964fé",
        ]
        for other in others { #expect(!CanonicalUUID.matches(other), "\(other)") }
    }
}
