internal import Foundation

/// Small files of the data directory that only their owner may read, made once and then only read.
enum PrivateFile {
    struct Failure: Error, Sendable, CustomStringConvertible {
        var description: String
    }

    /// The text of the file, or `proposal` after filing it. Of any number of processes that ask at once, one files its
    /// proposal and all get the same.
    ///
    /// - Parameter isSecret: refuses a file that others can read.
    static func text(at path: String, isSecret: Bool, proposal: () -> String) throws(Failure) -> String {
        if let existing = try Self.read(path, isSecret: isSecret) { return existing }
        let temporary = "\(path).\(Hexadecimal.encode(SecureRandom.bytes(count: 8)))"
        try Self.write(proposal() + "\n", to: temporary)
        defer { unlink(temporary) }
        // `link` never replaces: whoever comes second reads what the first one filed.
        guard link(temporary, path) == 0 || errno == EEXIST else { throw Self.failure("cannot make", path) }
        guard let text = try Self.read(path, isSecret: isSecret) else { throw Self.failure("cannot read", path) }
        return text
    }

    private static func read(_ path: String, isSecret: Bool) throws(Failure) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure("cannot read", path)
        }
        defer { close(file) }
        if isSecret, FileMode.isOpenToOthers(path) {
            throw Failure(description: "\(path) can be read by others: chmod 600 it, or replace it")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(file, &bytes, bytes.count)
        guard count >= 0, let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
            throw Self.failure("cannot read", path)
        }
        return String(text.prefix { !$0.isNewline })
    }

    private static func write(_ text: String, to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("cannot make", path) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            unlink(path)
            throw Self.failure("cannot write", path)
        }
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(description: "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}

/// Who may read a file.
enum FileMode {
    /// Whether the group or everybody has any right to the file.
    static func isOpenToOthers(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? NSNumber else { return false }
        return mode.intValue & 0o077 != 0
    }
}
