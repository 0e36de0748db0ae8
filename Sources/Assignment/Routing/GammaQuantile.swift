/// By when so many services at a rate of one are over, with what confidence: quantiles of Gamma(shape, 1).
enum GammaQuantile {
    /// How sure to be.
    enum Level: Sendable, Hashable, CaseIterable {
        case half
        case nineTenths

        var probability: Double { self == .half ? 0.5 : 0.9 }
        /// The quantile of the normal distribution.
        fileprivate var normal: Double { self == .half ? 0 : 1.281_551_565_544_600_4 }
    }

    /// Above it Wilson's and Hilferty's approximation is good to a hundred thousandth.
    private static let largestExactShape = 256

    /// - Parameter shape: At least 1.
    static func of(_ level: Level, shape: Int) -> Double {
        let shape = max(shape, 1)
        let k = Double(shape)
        // Wilson and Hilferty 1931: the cube root of a gamma variate is all but normal.
        let root = 1 - 1 / (9 * k) + level.normal / (9 * k).squareRoot()
        var x = k * root * root * root
        guard shape <= Self.largestExactShape else { return x }
        for _ in 0..<4 {
            let (distribution, density) = Self.distribution(x, shape: shape)
            guard density > 0 else { break }
            x -= (distribution - level.probability) / density
        }
        return x
    }

    /// P(shape, x) and its derivative: with a whole shape, one minus the head of a Poisson distribution.
    private static func distribution(_ x: Double, shape: Int) -> (value: Double, density: Double) {
        var term = Self.exponential(-x)
        var head = term
        for index in 1..<max(shape, 1) {
            term *= x / Double(index)
            head += term
        }
        return (1 - head, term)
    }

    /// eˣ by halving the argument into the reach of its series; the standard library has none.
    private static func exponential(_ x: Double) -> Double {
        let halvings = 12
        let small = x / Double(1 << halvings)
        var term = 1.0
        var sum = 1.0
        for index in 1...12 {
            term *= small / Double(index)
            sum += term
        }
        for _ in 0..<halvings { sum *= sum }
        return sum
    }
}
