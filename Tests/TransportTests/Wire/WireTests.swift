import Testing

/// Tests over real sockets, one at a time: they are about order and deadlines, not about load.
@Suite(.serialized) struct WireTests {}
