/// Entries by hash, in one flat table with open addressing: a look-up of a word that nobody knows is one probe.
struct LexiconTable: Sendable {
    private var keys: [UInt64]
    private var entries: [LexiconEntry]
    private let mask: Int
    private(set) var count = 0

    /// - Parameter capacity: Slots, a power of two, at least twice the number of entries.
    init(capacity: Int) {
        self.keys = Array(repeating: 0, count: capacity)
        self.entries = Array(repeating: .none, count: capacity)
        self.mask = capacity - 1
    }

    private func slot(_ hash: WordHash) -> Int {
        var index = Int(truncatingIfNeeded: hash.mixed) & self.mask
        while self.keys[index] != 0, self.keys[index] != hash.value { index = (index + 1) & self.mask }
        return index
    }

    func find(_ hash: WordHash) -> LexiconEntry? {
        let index = self.slot(hash)
        return self.keys[index] == 0 ? nil : self.entries[index]
    }

    /// Changes the entry of a word, which begins as nothing.
    ///
    /// - Returns: Whether there was room. A table that is half full takes no more.
    @discardableResult
    mutating func update(_ hash: WordHash, _ change: (inout LexiconEntry) -> Void) -> Bool {
        let index = self.slot(hash)
        if self.keys[index] == 0 {
            guard self.count * 2 < self.keys.count else { return false }
            self.keys[index] = hash.value
            self.count += 1
        }
        change(&self.entries[index])
        return true
    }
}
