/// Why bytes are not a MessagePack value that stands for JSON and binary data.
package enum MessagePackError: Error, Sendable, Hashable {
    /// The value ends after the bytes do.
    case truncated
    /// Bytes behind the value.
    case trailingBytes
    /// More than ``JSONReader/maximumDepth`` arrays and maps inside one another.
    case tooDeep
    /// The unused type `c1`, or an extension other than a timestamp, a date or `undefined`.
    case unsupportedType
    /// A map's key that is neither a string nor an integer.
    case invalidKey
    /// A string that is not UTF-8.
    case invalidUTF8
    /// More binary values than ``PacketLimits/inlineBinaries``.
    case tooManyBinaries
    /// A map that looks like the place of an attachment, which this format does not have.
    case placeholder
}
