internal import Glibc

/// How long people handle a chat, as a multiple of the mean.
package enum HandleTime: String, Sendable, Hashable, CaseIterable {
    /// Memoryless: what Erlang's formulas assume.
    case exponential
    /// Heavy-tailed, with a coefficient of variation of 1.5: what support desks see.
    case lognormal
    /// All the same.
    case constant

    /// The standard deviation as a multiple of the mean.
    package var variation: Double {
        switch self {
        case .exponential: 1
        case .lognormal: 1.5
        case .constant: 0
        }
    }

    /// Draws one, with mean 1.
    package func draw(_ stream: inout RandomStream) -> Double {
        switch self {
        case .exponential:
            return stream.exponential()
        case .lognormal:
            // ln X is normal with variance s = ln(1 + cv²) and mean -s/2, which makes the mean of X one.
            let variance = log(1 + self.variation * self.variation)
            return exp(variance.squareRoot() * stream.normal() - variance / 2)
        case .constant:
            return 1
        }
    }
}
