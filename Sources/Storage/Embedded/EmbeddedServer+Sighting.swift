internal import Foundation

extension EmbeddedServer {
    /// What there is of a private server, looked at without making, starting or locking anything.
    package enum Sighting: Sendable {
        /// No cluster: the first start makes one.
        case none
        /// A cluster made by this major version, which nobody has started.
        case stopped(version: Int)
        case running(DatabaseURL)
    }

    package static func look(dataDirectory: String) throws(EmbeddedServerError) -> Sighting {
        guard FileManager.default.fileExists(atPath: dataDirectory) else { return .none }
        let location = try ClusterLocation.find(dataDirectory: dataDirectory)
        let file = { (name: String) in try? String(contentsOfFile: "\(location.cluster)/\(name)", encoding: .utf8) }
        guard let made = file("PG_VERSION").flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) else {
            return .none
        }
        guard PostmasterFile.livingProcess(cluster: location.cluster) != nil,
            let postmaster = file("postmaster.pid").flatMap(PostmasterFile.init(parsing:)), postmaster.isReady
        else { return .stopped(version: made) }
        return .running(ServerLauncher.url(of: postmaster))
    }

    /// The major versions of the servers that are installed, newest first.
    package static var installedVersions: [Int] { PostgresBinaries.installed().map(\.version) }
}
