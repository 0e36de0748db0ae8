import Testing

@testable import Assignment

struct ChatStatusTests {
    /// The table as a picture: a row per status that a chat has, a column per status that it might get.
    private static let picture = """
                bot waiting offered active paused wrapup offline closed
        bot      .     x       .       x      .      .       .      x
        waiting  x     .       x       x      .      .       x      x
        offered  .     x       .       x      .      .       .      x
        active   x     x       x       .      x      x       .      x
        paused   .     x       .       x      .      .       .      x
        wrapup   .     .       .       .      .      .       .      x
        offline  x     x       .       .      .      .       .      x
        closed   x     x       .       .      .      .       .      .
        """

    @Test
    func everyPairIsJudgedAsDrawn() throws {
        let lines = Self.picture.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let columns = try lines[0].map { try #require(ChatStatus(rawValue: $0)) }
        #expect(Set(columns) == Set(ChatStatus.allCases))
        for line in lines.dropFirst() {
            let from = try #require(ChatStatus(rawValue: line[0]))
            for (to, mark) in zip(columns, line.dropFirst()) {
                var refusal: DomainRefusal?
                do { try from.checkTransition(to: to) } catch { refusal = error }
                if mark == "x" {
                    #expect(refusal == nil, "\(from) -> \(to)")
                } else {
                    #expect(refusal?.code == .badState, "\(from) -> \(to)")
                    #expect(refusal?.details == [.status(from)])
                }
            }
        }
        #expect(lines.count == ChatStatus.allCases.count + 1)
    }

    @Test
    func everyOpenStatusCanEndAndBeReached() {
        var reached = ChatStatus.initial
        while true {
            let next = reached.union(reached.flatMap(\.successors))
            if next == reached { break }
            reached = next
        }
        #expect(reached == Set(ChatStatus.allCases))
        for status in ChatStatus.allCases where status.isOpen { #expect(status.successors.contains(.closed)) }
    }
}
