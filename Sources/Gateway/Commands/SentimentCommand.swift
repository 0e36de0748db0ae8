internal import ArgumentParser
internal import Assignment
internal import NIOCore
internal import SocketIO

/// `gateway sentiment`
struct SentimentCommand: AsyncParsableCommand {
    enum Language: String, ExpressibleByArgument, CaseIterable {
        case auto, es, en

        var known: SentimentLanguage? { SentimentLanguage(rawValue: self.rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "sentiment",
        abstract: "Read the mood of each line of the standard input; prints one JSON object a line.",
        discussion: """
            What the gateway reads in visitors' messages, without a gateway: language, label, polarity from -1 to 1, \
            frustration from 0 to 1, whether a person is asked for, and the words that say so. No database is opened.
            """
    )

    @Option(help: "auto, es or en")
    var language = Language.auto

    func run() async throws {
        while let line = readLine(strippingNewline: true) {
            StandardOutput.line(Self.answer(to: line, self.language.known))
        }
    }

    /// The JSON of one line. A language that the text does not tell is `und`.
    static func answer(to line: String, _ language: SentimentLanguage?) -> String {
        let reading = Sentiment.read(line, language: language)
        var writer = JSONWriter()
        writer.write(
            .object([
                "language": .string(reading.language?.rawValue ?? "und"), "label": .string(reading.label.rawValue),
                "polarity": .number(JSONNumber(reading.polarity)),
                "frustration": .number(JSONNumber(reading.frustration)), "humanRequest": .bool(reading.asksForPerson),
                "evidence": .array(reading.evidence.map(JSONValue.string)),
            ]))
        return String(buffer: writer.buffer)
    }
}
