/// Parameters in the shape that libpq wants: one buffer, and arrays of pointers, lengths and formats.
struct EncodedParameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private(set) var types: [UInt32] = []

    init(_ values: [SQLValue]) throws(StorageError) {
        for value in values {
            let start = self.bytes.count
            try value.encode(into: &self.bytes)
            guard let length = Int32(exactly: self.bytes.count - start) else {
                throw .unexpected("a parameter of more than 2 GiB")
            }
            self.offsets.append(value == .null ? nil : start)
            self.lengths.append(length)
            self.formats.append(value.isBinary ? 1 : 0)
            self.types.append(value.typeID)
            // libpq reads text forms up to a zero.
            self.bytes.append(0)
        }
    }

    var count: Int32 { Int32(self.offsets.count) }

    func withPointers<Result>(
        _ body: (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        self.bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = self.offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { values in
                self.lengths.withUnsafeBufferPointer { lengths in
                    self.formats.withUnsafeBufferPointer { formats in
                        body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
