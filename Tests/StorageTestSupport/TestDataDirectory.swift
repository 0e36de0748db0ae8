internal import Foundation
internal import Glibc
internal import Storage
internal import Synchronization

/// A data directory for a private server, under `/tmp`.
///
/// A shell in a session of its own waits until this process ends, however it ends, and then stops the server that runs
/// there and removes the files.
package final class TestDataDirectory: Sendable {
    package let path: String
    private let pipe: Pipe

    package init() throws {
        var template = Array("/tmp/puente-test-\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // As root the server runs as another user, who has to pass through.
        chmod(self.path, 0o711)
        let script = """
            read -r line
            file=$1/postgres/postmaster.pid
            if [ -e "$file" ]; then
                socket=$(sed -n 5p "$file")
                kill -QUIT "$(sed -n 1p "$file")"
                for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$file" ] && sleep 0.1; done
                rm -rf "$socket"
            fi
            rm -rf "$1"
            """
        let watcher = Process()
        watcher.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        watcher.arguments = ["--fork", "/bin/sh", "-c", script, "sh", self.path]
        self.pipe = Pipe()
        // No child inherits the other end: the kernel closes it with this process.
        _ = fcntl(self.pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        watcher.standardInput = self.pipe
        watcher.standardOutput = FileHandle.nullDevice
        watcher.standardError = FileHandle.nullDevice
        try watcher.run()
        // `setsid` has forked and is done. Foundation notices only when the shell ends as well, and until then what is
        // left of it would hide the ends of other children from exit tests.
        var status: Int32 = 0
        while waitpid(watcher.processIdentifier, &status, 0) == -1, errno == EINTR {}
        Self.all.withLock { $0.append(self) }
    }

    /// A directory with a cluster in it, copied from one that is made once per process: `initdb` takes a second of
    /// processor time.
    package static func withCluster() async throws -> TestDataDirectory {
        let source = try await Self.made.value
        let directory = try TestDataDirectory()
        let copy = Process()
        copy.executableURL = URL(fileURLWithPath: "/bin/cp")
        copy.arguments = ["-a", "\(source.path)/postgres", directory.path]
        try copy.run()
        copy.waitUntilExit()
        return directory
    }

    private static let made = Task {
        let directory = try TestDataDirectory()
        try await TestServer.start(in: directory).stop()
        return directory
    }

    /// They last as long as the process.
    private static let all = Mutex<[TestDataDirectory]>([])
}
