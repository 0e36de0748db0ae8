/// One number of a scrape.
struct MetricSample: Sendable, Equatable {
    enum Kind: String, Sendable {
        case counter
        case gauge
    }

    /// In the exposition's alphabet; a counter's name ends in `_total`.
    var name: String
    var kind: Kind
    var labels: [(String, String)] = []
    var value: Double

    init(_ name: String, _ kind: Kind, _ value: some BinaryInteger, labels: [(String, String)] = []) {
        self.name = name
        self.kind = kind
        self.value = Double(value)
        self.labels = labels
    }

    static func == (lhs: MetricSample, rhs: MetricSample) -> Bool {
        lhs.name == rhs.name && lhs.kind == rhs.kind && lhs.value == rhs.value
            && lhs.labels.elementsEqual(rhs.labels, by: ==)
    }
}
