using System.Buffers.Binary;
using System.IO.Compression;

namespace AutoVec.Data;

/// <summary>
/// An array of bytes in the IDX format of the MNIST files: magic <c>0 0 8 rank</c>, one big-endian i32 a dimension, the elements
/// row by row. A gzip stream is recognised by its first bytes.
/// </summary>
/// <param name="Shape">The dimensions, outermost first.</param>
/// <param name="Data">The elements, row by row.</param>
public sealed record Idx(int[] Shape, byte[] Data)
{
    private const int UnsignedByte = 0x08;

    /// <summary>How many elements one entry of the first dimension has.</summary>
    public int RowLength => Shape.Skip(1).Aggregate(1, (n, d) => n * d);

    /// <summary>Reads a file's content.</summary>
    /// <param name="content">The bytes of the file, compressed or not.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">The content is no whole IDX array of bytes; the message says what is wrong.</exception>
    public static Idx Parse(byte[] content, string name)
    {
        if (content is [0x1f, 0x8b, ..]) content = Unzip(content, name);
        if (content.Length < 4) throw new InvalidDataException($"{name} is truncated: {content.Length} bytes are no IDX file");
        if (content[0] != 0 || content[1] != 0)
            throw new InvalidDataException($"{name} is no IDX file: it starts with {Convert.ToHexString(content.AsSpan(0, 4))}");
        if (content[2] != UnsignedByte) throw new InvalidDataException($"{name} has elements of type 0x{content[2]:x2}; only bytes (0x08) are read");
        int rank = content[3];
        int header = 4 + 4 * rank;
        if (rank == 0 || content.Length < header) throw new InvalidDataException($"{name} is truncated: no room for {rank} dimensions");
        var shape = new int[rank];
        long length = 1;
        for (int d = 0; d < rank; d++)
        {
            shape[d] = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 + 4 * d));
            if (shape[d] < 0) throw new InvalidDataException($"{name}: dimension {d} is {shape[d]}");
            length *= shape[d];                                    // both below 2³¹
            if (length > Array.MaxLength) throw new InvalidDataException($"{name}: [{string.Join("×", shape.Take(d + 1))}] is more than an array can hold");
        }
        if (content.Length - header != length)
            throw new InvalidDataException($"{name} is {(content.Length - header < length ? "truncated" : "too long")}: "
                + $"[{string.Join("×", shape)}] needs {length} bytes, it has {content.Length - header}");
        return new Idx(shape, content[header..]);
    }

    private static byte[] Unzip(byte[] content, string name)
    {
        const int shortest = 18;                                   // header 10, trailer 8
        if (content.Length < shortest) throw new InvalidDataException($"{name} is a truncated gzip file: {content.Length} bytes");
        // GZipStream takes the end of the data for the end of the file, so the stored length is checked here.
        var plain = new MemoryStream();
        try
        {
            using var zip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            zip.CopyTo(plain);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} is a corrupt gzip file: {e.Message}", e);
        }
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(content.Length - 4));
        return (uint)plain.Length == stored ? plain.ToArray()
            : throw new InvalidDataException($"{name} is a truncated gzip file: {plain.Length} bytes of {stored}");
    }
}
