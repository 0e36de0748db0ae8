internal import Foundation
internal import Glibc

/// A program that is run to its end. Blocks the thread: only for threads of our own.
struct ChildProcess {
    struct Outcome {
        /// The exit status; 128 + the signal if one ended it; 127 if it could not be started.
        var status: Int32
        /// Standard output and error together, at most 64 KiB.
        var output: String
    }

    /// A user to run as, for a process that is root itself.
    struct User: Equatable {
        var id: uid_t
        var group: gid_t
        var name: String
    }

    /// Runs a program in `/`, in an environment that holds nothing of PostgreSQL's variables.
    static func run(_ path: String, _ arguments: [String], as user: User? = nil) -> Outcome {
        // The unprivileged user may not be able to enter our own working directory.
        var words = ["/bin/sh", "-c", "cd / && exec \"$@\"", "sh"]
        if let user {
            words += ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--init-groups"]
        }
        words += [path] + arguments

        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return Outcome(status: 127, output: "no file descriptor left") }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        // A server that outlives us must not hold what some library opened without close-on-exec.
        for descriptor in Self.openDescriptors where descriptor > 2 && descriptor != ends[1] {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // The signals that we block or ignore are no business of the child.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var process: pid_t = 0
        let spawned = Self.withCStrings(words) { words in
            Self.withCStrings(Self.environment) { environment in
                posix_spawn(&process, "/bin/sh", &actions, &attributes, words, environment)
            }
        }
        close(ends[1])
        guard spawned == 0 else { return Outcome(status: 127, output: String(cString: strerror(spawned))) }
        let output = Self.read(ends[0])
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7f
        return Outcome(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: output)
    }

    private static var openDescriptors: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    private static var environment: [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        var words = ["PATH=\(path):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
        if let libraries = getenv("LD_LIBRARY_PATH") {
            words.append("LD_LIBRARY_PATH=\(String(cString: libraries))")
        }
        return words
    }

    private static func read(_ descriptor: Int32) -> String {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            if output.count < 65_536 { output.append(contentsOf: chunk.prefix(count)) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func withCStrings<Result>(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = words.map { strdup($0) }
        defer {
            for copy in copies { free(copy) }
        }
        return body(copies + [nil])
    }
}
