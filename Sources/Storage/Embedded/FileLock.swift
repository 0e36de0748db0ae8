internal import Glibc

/// An advisory lock on a file, which the kernel releases when the process ends, however it ends.
final class FileLock: Sendable {
    enum Mode {
        case shared
        case exclusive
    }

    private let descriptor: Int32

    /// Opens the file, making it if needed. `nil` if that is not possible; `errno` says why.
    init?(path: String) {
        self.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if self.descriptor < 0 { return nil }
    }

    deinit {
        // Closing alone leaves it taken for as long as a child that is just being started has its copy of the descriptor.
        flock(self.descriptor, LOCK_UN)
        close(self.descriptor)
    }

    /// Takes the lock, or changes its mode, without waiting.
    func tryLock(_ mode: Mode) -> Bool {
        flock(self.descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
    }

    /// Takes the lock, waiting up to `timeout`. Blocks the thread.
    func lock(_ mode: Mode, timeout: Duration) -> Bool {
        let deadline = ContinuousClock.now + timeout
        while !self.tryLock(mode) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(20_000)
        }
        return true
    }

    func unlock() {
        flock(self.descriptor, LOCK_UN)
    }

    /// A note for whoever finds the lock taken, such as a process id.
    var note: String {
        get {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = pread(self.descriptor, &bytes, bytes.count, 0)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
        set {
            ftruncate(self.descriptor, 0)
            let bytes = Array(newValue.utf8)
            _ = pwrite(self.descriptor, bytes, bytes.count, 0)
        }
    }
}
