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

    /// The first line of a file that somebody else made for a secret: a mounted one, or a credential of systemd's.
    static func secret(at path: String) throws(Failure) -> Secret {
        guard let text = try Self.read(path, isSecret: true) else {
            throw Failure(description: "\(path) does not exist")
        }
        guard !text.isEmpty else { throw Failure(description: "\(path) is empty") }
        return Secret(text)
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
    /// Whether anybody else has a right to the file.
    ///
    /// PostgreSQL's rule for keys: a file of our own is ours alone; of root's, its group may read it, too. That is how Debian
    /// hands out keys and systemd credentials.
    static func isOpenToOthers(_ path: String) -> Bool {
        // What a link points to is what counts: certbot's are links.
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let mode = attributes?[.posixPermissions] as? NSNumber,
            let owner = attributes?[.ownerAccountID] as? NSNumber
        else { return false }
        return Self.isOpen(mode.intValue, owner: owner.intValue, to: Int(geteuid()))
    }

    static func isOpen(_ mode: Int, owner: Int, to user: Int) -> Bool {
        mode & (owner == 0 && user != 0 ? 0o037 : 0o077) != 0
    }
}
