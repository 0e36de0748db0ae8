extension Span<UInt8> {
    /// Whether these bytes are this text.
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { wanted in
            for index in wanted.indices where self[index] != wanted[index] { return false }
            return true
        }
    }

    /// Whether these bytes begin with others.
    package func starts(with prefix: Span<UInt8>) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] { return false }
        return true
    }
}
