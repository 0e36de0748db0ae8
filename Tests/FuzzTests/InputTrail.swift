import Foundation

/// The input under examination, in a file that outlives the process: a trap leaves no time to write one.
final class InputTrail {
    /// Longer than what the mutator makes.
    private static let capacity = 1 << 20

    let path: String
    private let memory: UnsafeMutableRawPointer

    /// A file in `.build-fuzz/found`, or nil where none can be made.
    init?(name: String) {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appendingPathComponent(".build-fuzz/found")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent(name).path
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(Self.capacity)) == 0,
            let memory = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return nil }
        self.memory = memory
    }

    /// Writes the input down: its length in decimal digits, a line feed, its bytes.
    func note(_ input: [UInt8]) {
        let line = Array("\(input.count)\n".utf8) + input.prefix(Self.capacity - 32)
        line.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: memory, count: $0.count).copyMemory(from: $0) }
    }

    /// Nothing was found.
    func remove() { unlink(path) }

    deinit { munmap(memory, Self.capacity) }
}
