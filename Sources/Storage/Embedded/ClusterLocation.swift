internal import Crypto
internal import Foundation
internal import Glibc

/// Where a private server's files are, and as whom it runs. Every command works it out anew, and alike.
struct ClusterLocation {
    /// The data directory as an absolute path without links.
    var dataDirectory: String
    /// Where the cluster and its locks really are: the data directory, or a place that the server's user can reach.
    var root: String
    /// PostgreSQL's own data directory.
    var cluster: String { "\(self.root)/postgres" }
    /// The user that the server runs as, if we are root.
    var user: ChildProcess.User?
    /// The first 12 hexadecimal digits of the SHA-256 of the path.
    var digest: String

    var isMoved: Bool { self.root != self.dataDirectory }

    /// Finds the place, and makes the directories.
    static func resolve(dataDirectory: String) throws(EmbeddedServerError) -> ClusterLocation {
        // Root's server must be able to pass through; the cluster itself and the key files are closed to it or private.
        try Self.makeDirectory(dataDirectory, mode: geteuid() == 0 ? 0o711 : 0o700)
        let location = try Self.find(dataDirectory: dataDirectory)
        if location.isMoved { try Self.makeDirectory(location.root, mode: 0o711) }
        return location
    }

    /// Finds the place that belongs to a data directory which is there, and makes nothing.
    static func find(dataDirectory: String) throws(EmbeddedServerError) -> ClusterLocation {
        guard let resolved = realpath(dataDirectory, nil) else { throw Self.notAccessible(dataDirectory) }
        defer { free(resolved) }
        let path = String(cString: resolved)
        let digest = SHA256.hash(data: Data(path.utf8)).prefix(6).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        var location = ClusterLocation(dataDirectory: path, root: path, digest: digest)
        guard geteuid() == 0 else {
            guard access(path, R_OK | W_OK | X_OK) == 0 else { throw Self.notAccessible(path) }
            return location
        }
        let user = try Self.serverUser(owning: location.cluster)
        location.user = user
        if ChildProcess.run("/usr/bin/test", ["-x", path], as: user).status != 0 {
            location.root = "/var/lib/puente/\(digest)"
            location.user = try Self.serverUser(owning: location.cluster)
        }
        return location
    }

    /// PostgreSQL refuses to run as root: it runs as the owner of an existing cluster, else as `postgres`.
    private static func serverUser(owning cluster: String) throws(EmbeddedServerError) -> ChildProcess.User {
        var status = stat()
        if lstat(cluster, &status) == 0, status.st_uid != 0, let entry = getpwuid(status.st_uid) {
            return ChildProcess.User(
                id: status.st_uid, group: entry.pointee.pw_gid, name: String(cString: entry.pointee.pw_name)
            )
        }
        guard let entry = getpwnam("postgres") else {
            throw EmbeddedServerError(
                code: .noServerUser,
                message: """
                    PostgreSQL does not run as root, and there is no user postgres to run it as. Start the gateway as \
                    an ordinary user, install Debian's package postgresql, or pass --database-url.
                    """
            )
        }
        return ChildProcess.User(id: entry.pointee.pw_uid, group: entry.pointee.pw_gid, name: "postgres")
    }

    private static func makeDirectory(_ path: String, mode: mode_t) throws(EmbeddedServerError) {
        let files = FileManager.default
        var isDirectory: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue { return }
        do {
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: Int(mode)]
            )
        } catch {
            throw Self.notAccessible(path)
        }
    }

    private static func notAccessible(_ path: String) -> EmbeddedServerError {
        EmbeddedServerError(
            code: .notAccessible,
            message: "the data directory \(path) cannot be made, read or written by user id \(geteuid())"
        )
    }
}
