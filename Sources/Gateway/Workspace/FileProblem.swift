/// What is wrong in a workspace file, and where.
struct FileProblem: Error, Sendable, Hashable {
    /// Counted from 1; 0 where the place is not known.
    var line: Int
    var column: Int
    /// In dotted form, such as `queues[1].offerTimeout`.
    var key: String
    var problem: String

    /// `workspace.yaml:12:5: queues[1].offerTimeout: "soon" is no duration`
    func description(in file: String) -> String {
        let place = self.line > 0 ? "\(file):\(self.line):\(self.column)" : file
        return "\(place): \(self.key.isEmpty ? "" : "\(self.key): ")\(self.problem)"
    }
}

/// Everything that is wrong in a workspace file, in the order of the lines.
struct FileProblems: Error, Sendable, Equatable {
    var problems: [FileProblem]

    init(_ problems: [FileProblem]) {
        self.problems = problems.sorted { ($0.line, $0.column, $0.key) < ($1.line, $1.column, $1.key) }
    }
}
