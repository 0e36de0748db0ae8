/// The sizes that an event may have (docs/events.md, "Sizes").
enum Limits {
    /// Bytes of JSON of one event, name included.
    static let packetBytes = 32_768
    /// Unicode scalars of a message's text.
    static let contentScalars = 8000
    /// Bytes of JSON of any metadata object.
    static let metadataBytes = 16_384
    /// Characters of a client's own message id.
    static let clientMessageIDLength = 1...128
    /// Characters of a subject.
    static let subjectLength = 128
    /// Bytes of JSON of `visitor:action`.
    static let actionBytes = 4096
    /// Messages of one page, and what a client gets that does not say.
    static let pageMessages = 500
    /// Bytes of JSON at which a page of messages ends.
    static let pageBytes = 262_144
    /// Events in a row that are refused as too fast before their connection is closed.
    static let strikes = 10
    /// Chats listed in `session`.
    static let sessionChats = 100
}
