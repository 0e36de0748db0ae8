internal import SocketIO

/// One thing that `gateway doctor` looked at.
struct Finding: Sendable, Equatable {
    enum Verdict: String, Sendable, CaseIterable {
        case ok
        /// It works, and somebody should know.
        case warning
        /// It does not work, or is not safe.
        case failed
    }

    var verdict: Verdict
    /// What was looked at: a word.
    var subject: String
    /// A sentence for the operator; never a secret.
    var text: String

    static func ok(_ subject: String, _ text: String) -> Finding { Finding(verdict: .ok, subject: subject, text: text) }
    static func warning(_ subject: String, _ text: String) -> Finding {
        Finding(verdict: .warning, subject: subject, text: text)
    }
    static func failed(_ subject: String, _ text: String) -> Finding {
        Finding(verdict: .failed, subject: subject, text: text)
    }

    /// A line for people.
    var line: String {
        "\(self.verdict.rawValue.padded(to: 8)) \(self.subject.padded(to: 12)) \(self.text)"
    }

    var json: JSONValue {
        ["verdict": .string(self.verdict.rawValue), "subject": .string(self.subject), "text": .string(self.text)]
    }
}

extension [Finding] {
    /// The worst of them.
    var verdict: Finding.Verdict {
        if self.contains(where: { $0.verdict == .failed }) { return .failed }
        return self.contains { $0.verdict == .warning } ? .warning : .ok
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - self.count))
    }
}
