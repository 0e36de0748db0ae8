import Foundation

// libFuzzer brings `main` and calls these two. Which parser it is about says PUENTE_FUZZ_TARGET.

private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["PUENTE_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        fatalError("PUENTE_FUZZ_TARGET is one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
    }
    return target
}()

/// Puts the samples where libFuzzer reads its corpus.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutablePointer<CInt>, _: UnsafeMutableRawPointer) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["PUENTE_FUZZ_CORPUS"] else { return 0 }
    for (number, sample) in target.samples.enumerated() {
        try? Data(sample).write(to: URL(fileURLWithPath: folder).appendingPathComponent("sample-\(number)"))
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        fatalError("\(target.name): \(error)")
    }
    return 0
}
