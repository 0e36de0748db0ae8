internal import Foundation
internal import Storage
internal import Yams

/// Where problems are gathered while a file is read: a reader hears of all of them at once, not of one at a time.
final class FileProblemLog {
    private(set) var problems: [FileProblem] = []

    func add(_ problem: FileProblem) { self.problems.append(problem) }
}

/// A value of a YAML file with its place. What it is not is noted as a problem and read as nil.
struct YAMLValue {
    let node: Node
    /// In dotted form.
    let key: String
    let log: FileProblemLog

    func fail(_ problem: String) {
        self.log.add(
            FileProblem(
                line: self.node.mark?.line ?? 0, column: self.node.mark?.column ?? 0, key: self.key, problem: problem))
    }

    /// The place by itself, for what only a later look can find wrong.
    var place: FilePlace {
        FilePlace(line: self.node.mark?.line ?? 0, column: self.node.mark?.column ?? 0, key: self.key)
    }

    var isList: Bool { if case .sequence = self.node { true } else { false } }

    var isMapping: Bool { if case .mapping = self.node { true } else { false } }

    var isNull: Bool { if case .scalar = self.node { self.node.tag == Tag(.null) } else { false } }

    /// A single value as it is written. `null`, `~` and nothing at all are no text.
    func text(atMost limit: Int = 128) -> String? {
        guard case .scalar(let scalar) = self.node, !self.isNull else {
            self.fail("must be a single value")
            return nil
        }
        let text = scalar.string
        guard !text.isEmpty, text.count <= limit, !text.unicodeScalars.contains(where: { $0.properties.isControl })
        else {
            self.fail("must have 1 to \(limit) characters, none of them a control")
            return nil
        }
        return text
    }

    /// A text over several lines, such as a key in PEM form.
    func block(atMost limit: Int) -> String? {
        guard case .scalar(let scalar) = self.node, !scalar.string.isEmpty, scalar.string.utf8.count <= limit else {
            self.fail("must be a text of 1 to \(limit) bytes")
            return nil
        }
        return scalar.string
    }

    /// An https address without a user, a password or a fragment.
    func secureAddress(suchAs example: String) -> String? {
        guard let text = self.text(atMost: 2048) else { return nil }
        guard let parts = URLComponents(string: text), parts.scheme == "https", parts.host?.isEmpty == false,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else {
            self.fail("is no address such as \(example)")
            return nil
        }
        return text
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let text = self.text() else { return nil }
        guard let value = Int(text), range.contains(value) else {
            self.fail("\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// A number with at most two decimals.
    func number(in range: ClosedRange<Double>) -> Double? {
        guard let text = self.text() else { return nil }
        guard let value = Double(text), range.contains(value), (value * 100).rounded() / 100 == value else {
            self.fail(
                "\"\(text)\" is no number from \(range.lowerBound) to \(range.upperBound) with at most two decimals")
            return nil
        }
        return value
    }

    func flag() -> Bool? {
        guard let text = self.text() else { return nil }
        switch text {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            self.fail("\"\(text)\" is neither true nor false")
            return nil
        }
    }

    /// A duration longer than zero.
    func duration() -> Duration? {
        guard let text = self.text() else { return nil }
        guard let value = DurationText.parse(text), value > .zero else {
            self.fail("\"\(text)\" is no duration above zero: a number of seconds, or a number with ms, s, m, h or d")
            return nil
        }
        return value
    }

    /// A duration; 0 says that there is none.
    func durationOrNone() -> Duration? {
        guard let text = self.text() else { return nil }
        guard let value = DurationText.parse(text) else {
            self.fail("\"\(text)\" is no duration: 0, a number of seconds, or a number with ms, s, m, h or d")
            return nil
        }
        return value
    }

    func list() -> [YAMLValue]? {
        guard case .sequence(let sequence) = self.node else {
            self.fail("must be a list")
            return nil
        }
        return sequence.enumerated().map { YAMLValue(node: $1, key: "\(self.key)[\($0)]", log: self.log) }
    }

    /// A member of a mapping, for a second look: it does not count as asked for.
    func member(_ name: String) -> YAMLValue? {
        guard case .mapping(let mapping) = self.node, let value = mapping.first(where: { $0.key.string == name })
        else { return nil }
        return YAMLValue(
            node: value.value, key: self.key.isEmpty ? name : "\(self.key).\(name)", log: self.log)
    }

    /// The members of a mapping whose keys are names that the file's author chose.
    func members() -> [(name: String, value: YAMLValue)]? {
        guard case .mapping(let mapping) = self.node else {
            self.fail("must be a mapping")
            return nil
        }
        var members: [(name: String, value: YAMLValue)] = []
        for (name, value) in mapping {
            let member = YAMLValue(node: name, key: "\(self.key).\(name.string ?? "?")", log: self.log)
            guard let text = member.text() else { continue }
            members.append((text, YAMLValue(node: value, key: member.key, log: self.log)))
        }
        return members
    }

    /// Whole numbers by name.
    func levels(in range: ClosedRange<Int>) -> [String: Int]? {
        guard let members = self.members() else { return nil }
        return members.reduce(into: [:]) { levels, member in
            levels[member.name] = member.value.integer(in: range)
        }
    }

    /// Reads a mapping with known keys; what `body` does not ask for is a problem.
    ///
    /// - Parameter planned: keys that the format has and this version does not know how to follow.
    func fields<Value>(planned: [String] = [], _ body: (inout YAMLFields) -> Value) -> Value? {
        guard case .mapping(let mapping) = self.node else {
            self.fail("must be a mapping")
            return nil
        }
        var fields = YAMLFields(mapping: mapping, parent: self)
        let value = body(&fields)
        fields.reportTheRest(planned: planned)
        return value
    }
}

/// The members of a mapping whose keys are ours.
struct YAMLFields {
    private let mapping: Node.Mapping
    private let parent: YAMLValue
    private var asked: Set<String> = []

    fileprivate init(mapping: Node.Mapping, parent: YAMLValue) {
        self.mapping = mapping
        self.parent = parent
    }

    private func path(_ key: String) -> String { self.parent.key.isEmpty ? key : "\(self.parent.key).\(key)" }

    mutating func optional(_ key: String) -> YAMLValue? {
        self.asked.insert(key)
        return self.mapping.first { $0.key.string == key }.map {
            YAMLValue(node: $0.value, key: self.path(key), log: self.parent.log)
        }
    }

    mutating func required(_ key: String) -> YAMLValue? {
        if let value = self.optional(key) { return value }
        self.parent.fail("needs \(key)")
        return nil
    }

    fileprivate func reportTheRest(planned: [String]) {
        for (node, _) in self.mapping where !self.asked.contains(node.string ?? "") {
            let name = node.string ?? "?"
            let value = YAMLValue(node: node, key: self.path(name), log: self.parent.log)
            if planned.contains(name) {
                value.fail("is not supported by this version, which would ignore it")
            } else {
                value.fail("is not a key here: there are \(self.asked.sorted().joined(separator: ", "))")
            }
        }
    }
}

/// Where in a file something stands.
struct FilePlace: Sendable, Hashable {
    var line: Int
    var column: Int
    var key: String

    func problem(_ text: String) -> FileProblem {
        FileProblem(line: self.line, column: self.column, key: self.key, problem: text)
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool { self.generalCategory == .control }
}
