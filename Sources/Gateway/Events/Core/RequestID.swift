/// Names one refusal in the `error` event and in the log, so that a report can be found again.
enum RequestID {
    static func next() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
