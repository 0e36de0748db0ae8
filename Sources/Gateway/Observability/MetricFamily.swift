/// All series of one metric name.
struct MetricFamily: Sendable {
    let kind: String
    private var series: [String: MetricSeries] = [:]
    private var histograms: [String: MetricHistogram] = [:]

    init(kind: String) {
        self.kind = kind
    }

    mutating func series(_ dimensions: [(String, String)]) -> MetricSeries {
        let key = self.key(dimensions, taken: self.series.count) { self.series[$0] != nil }
        if let known = self.series[key] { return known }
        let new = MetricSeries()
        self.series[key] = new
        return new
    }

    mutating func histogram(_ dimensions: [(String, String)], bounds: [Double]) -> MetricHistogram {
        let key = self.key(dimensions, taken: self.histograms.count) { self.histograms[$0] != nil }
        if let known = self.histograms[key] { return known }
        let new = MetricHistogram(bounds: bounds)
        self.histograms[key] = new
        return new
    }

    private func key(_ dimensions: [(String, String)], taken: Int, isKnown: (String) -> Bool) -> String {
        let own = MetricLabels.text(dimensions)
        if taken < MetricsRegistry.maximumSeries || isKnown(own) { return own }
        return MetricLabels.text(dimensions.map { ($0.0, "other") })
    }

    func write(name: String, into text: inout String) {
        text += "# TYPE \(name) \(self.kind)\n"
        for (labels, series) in self.series.sorted(by: { $0.key < $1.key }) {
            text += "\(name)\(labels) \(series.value)\n"
        }
        for (labels, histogram) in self.histograms.sorted(by: { $0.key < $1.key }) {
            histogram.write(name: name, labels: labels, into: &text)
        }
    }
}

/// The exposition's spelling of names, labels and numbers.
enum MetricLabels {
    /// Letters, digits and underscores; whatever else a label has becomes an underscore.
    static func name(_ label: String) -> String {
        String(decoding: label.utf8.map { $0.isLetterOrDigit ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// `{a="b",c="d"}`, or nothing. Backslash, quote and line feed are escaped.
    static func text(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label, value in
            var escaped = ""
            for character in value.unicodeScalars {
                switch character {
                case "\\": escaped += "\\\\"
                case "\"": escaped += "\\\""
                case "\n": escaped += "\\n"
                default: escaped.unicodeScalars.append(character)
                }
            }
            return "\(Self.name(label))=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value == .infinity ? "+Inf" : String(value)
    }
}
