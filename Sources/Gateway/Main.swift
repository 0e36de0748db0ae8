internal import ArgumentParser
internal import Configuration
internal import Hummingbird
internal import JWTKit
internal import ServiceLifecycle

@main
struct Main {
    static func main() {}
}
