/// What a lexicon knows of a word, a stem or a phrase.
struct LexiconEntry: Sendable {
    /// What a word does besides carrying a feeling.
    struct Roles: OptionSet, Sendable {
        var rawValue: UInt16

        /// "no", "never": turns around what follows.
        static let negator = Roles(rawValue: 1)
        /// "muy", "really": more of what follows.
        static let booster = Roles(rawValue: 1 << 1)
        /// "poco", "slightly": less of what follows.
        static let dampener = Roles(rawValue: 1 << 2)
        /// "pero", "but": what follows counts for more than what stood before.
        static let adversative = Roles(rawValue: 1 << 3)
        /// A word so frequent in this language that it tells which language a text is in.
        static let common = Roles(rawValue: 1 << 4)
        static let asking = Roles(rawValue: 1 << 5)
        static let firstPerson = Roles(rawValue: 1 << 6)
        static let secondPerson = Roles(rawValue: 1 << 7)
        /// "ojalá", "if": what follows is not said to be so.
        static let unreal = Roles(rawValue: 1 << 8)
        static let swearing = Roles(rawValue: 1 << 9)
        /// Words of anger with somebody: "harto", "unacceptable".
        static let anger = Roles(rawValue: 1 << 10)
        /// Words of waiting and of having to say it again: "llevo semanas", "fourth time".
        static let ordeal = Roles(rawValue: 1 << 11)
        /// Words of an unknown service's trouble, which are no feeling: "error", "cancelar".
        static let topic = Roles(rawValue: 1 << 12)
        static let greeting = Roles(rawValue: 1 << 13)
        /// A longer phrase begins with these words.
        static let continues = Roles(rawValue: 1 << 14)
        /// It has a valence, be it zero.
        static let valued = Roles(rawValue: 1 << 15)
    }

    /// From -4, what one can hardly say worse, to 4.
    var valence: Float = 0
    var roles: Roles = []

    static let none = LexiconEntry()
}
