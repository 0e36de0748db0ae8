internal import NIOCore

/// The first handler of an HTTP connection: shows every read to the connection before and after the decoder sees it.
final class RawByteGuardHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: HTTPConnection

    init(connection: HTTPConnection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection.rawContext = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connection.rawContext = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard connection.bytesArrived(unwrapInboundIn(data)) else { return }
        context.fireChannelRead(data)
        connection.bytesDecoded()
    }
}
