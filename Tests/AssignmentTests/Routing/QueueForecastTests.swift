import Testing

@testable import Assignment

struct QueueForecastTests {
    /// Medians and ninth deciles of Gamma(k, 1), from scipy.stats.gamma.ppf.
    @Test(
        arguments: [
            (1, 0.693_147_180_559_945_5, 2.302_585_092_994_046),
            (2, 1.678_346_990_016_661_2, 3.889_720_169_867_429),
            (3, 2.674_060_313_723_559, 5.322_320_337_834_211),
            (5, 4.670_908_882_795_985, 7.993_589_586_052_632),
            (10, 9.668_714_614_714_128, 14.205_990_292_152_816),
            (50, 49.667_064_617_994_23, 59.249_001_905_531_06),
            (200, 199.666_765_612_465_7, 218.324_492_527_288_67),
            (256, 255.666_743_937_237_02, 276.707_012_332_265_9),
            // From here on approximated.
            (257, 256.666_743_636_146_5, 277.747_045_065_933),
            (1000, 999.666_686_426_965_2, 1040.734_308_013_69),
        ])
    func quantiles(_ shape: Int, _ half: Double, _ nineTenths: Double) {
        let tolerance = shape > 256 ? 1e-4 : 1e-9
        #expect(abs(GammaQuantile.of(.half, shape: shape) / half - 1) < tolerance)
        #expect(abs(GammaQuantile.of(.nineTenths, shape: shape) / nineTenths - 1) < tolerance)
    }

    @Test(
        arguments: [
            // Ten slots, five minutes each: one becomes free every thirty seconds.
            (QueueForecast(slots: 10, freeSlots: 0, handleMilliseconds: 300_000), 1, (21, 70)),
            (QueueForecast(slots: 10, freeSlots: 0, handleMilliseconds: 300_000), 5, (141, 240)),
            // Two of those before it are served at once.
            (QueueForecast(slots: 10, freeSlots: 2, handleMilliseconds: 300_000), 3, (21, 70)),
            (QueueForecast(slots: 10, freeSlots: 2, handleMilliseconds: 300_000), 2, (0, 0)),
            (QueueForecast(slots: 1, freeSlots: 0, handleMilliseconds: 0), 9, (0, 0)),
            // Beyond a day.
            (QueueForecast(slots: 1, freeSlots: 0, handleMilliseconds: 1e12), 1, (86_400, 86_400)),
            // A place that is none.
            (QueueForecast(slots: 10, freeSlots: 0, handleMilliseconds: 300_000), -4, (21, 70)),
            // Nobody there, or nothing known.
            (QueueForecast(slots: 0, freeSlots: 0, handleMilliseconds: 300_000), 1, nil),
            (QueueForecast(slots: .nan, freeSlots: 0, handleMilliseconds: 300_000), 1, nil),
            (QueueForecast(slots: 3, freeSlots: .nan, handleMilliseconds: .nan), 1, nil),
        ] as [(QueueForecast, Int, (Int, Int)?)])
    func waits(_ forecast: QueueForecast, _ position: Int, _ expected: (Int, Int)?) {
        let wait = forecast.wait(position: position)
        #expect(wait?.p50Seconds == expected?.0)
        #expect(wait?.p90Seconds == expected?.1)
    }

    /// Who is further back waits longer, more people make it shorter, and the ninth decile is above the median.
    @Test func waitsAreMonotonous() {
        for slots in stride(from: 1.0, through: 40, by: 3) {
            let forecast = QueueForecast(slots: slots, freeSlots: 0, handleMilliseconds: 240_000)
            let more = QueueForecast(slots: slots + 1, freeSlots: 0, handleMilliseconds: 240_000)
            var last = QueueForecast.Wait(p50Seconds: 0, p90Seconds: 0)
            for position in 1...300 {
                guard let wait = forecast.wait(position: position), let shorter = more.wait(position: position) else {
                    Issue.record("no forecast")
                    return
                }
                #expect(wait.p50Seconds >= last.p50Seconds && wait.p90Seconds >= last.p90Seconds)
                #expect(wait.p90Seconds >= wait.p50Seconds)
                #expect(shorter.p50Seconds <= wait.p50Seconds && shorter.p90Seconds <= wait.p90Seconds)
                last = wait
            }
        }
    }
}
