internal import Assignment

/// From the corpora to the weights that stand in the sources.
enum Training {
    /// The lines to learn from, in the order in which they are read.
    ///
    /// - Parameter root: The repository.
    static func lines(_ language: SentimentLanguage, root: String) throws -> [LabelledLine] {
        try ["posts", "chats"].flatMap { kind in
            try LabelledLine.read("\(root)/sentiment/corpus/\(kind)-\(language.rawValue).txt", isChat: kind == "chats")
        }
    }

    /// The weights, as the engine holds them.
    static func weights(
        of language: SentimentLanguage, root: String, options: Trainer.Options = Trainer.Options()
    ) throws -> String {
        var trainer = Trainer(options)
        trainer.train(Trainer.samples(try self.lines(language, root: root), language))
        return trainer.encoded
    }
}
