internal import Assignment

extension Row {
    /// Reads a column that holds one of the words of `Word`. Check constraints make any other word our own bug.
    func word<Word: RawRepresentable>(_ column: Int) throws(StorageError) -> Word where Word.RawValue == String {
        let text = try self.text(column)
        guard let word = Word(rawValue: text) else {
            throw StorageError(code: .unexpected, message: "column \(column) holds no \(Word.self): \(text)")
        }
        return word
    }

    func optionalWord<Word: RawRepresentable>(
        _ column: Int
    ) throws(StorageError) -> Word? where Word.RawValue == String {
        guard try self.optionalText(column) != nil else { return nil }
        let word: Word = try self.word(column)
        return word
    }

    func participant(role: Int, id: Int, name: Int? = nil) throws(StorageError) -> Participant {
        var shownName: String?
        if let name {
            shownName = try self.optionalText(name)
        }
        return Participant(role: try self.word(role), id: try self.text(id), name: shownName)
    }

    func optionalParticipant(role: Int, id: Int, name: Int? = nil) throws(StorageError) -> Participant? {
        guard try self.optionalText(id) != nil else { return nil }
        return try self.participant(role: role, id: id, name: name)
    }

    func json(_ column: Int) throws(StorageError) -> JSONText {
        JSONText(try self.text(column))
    }
}
