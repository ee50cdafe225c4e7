using System.IO.Compression;
using AutoVec.Data;

namespace AutoVec.Data.Tests;

public class IdxTests
{
    private static readonly byte[] Two = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    private static byte[] Zip(byte[] content)
    {
        var to = new MemoryStream();
        using (var zip = new GZipStream(to, CompressionLevel.Fastest)) zip.Write(content);
        return to.ToArray();
    }

    [Fact]
    public void Reads_plain_and_compressed()
    {
        foreach (var content in new[] { Two, Zip(Two) })
        {
            var idx = Idx.Parse(content, "x");
            Assert.Equal([2, 3], idx.Shape);
            Assert.Equal(3, idx.RowLength);
            Assert.Equal([1, 2, 3, 4, 5, 6], idx.Data);
        }
    }

    [Fact]
    public void Every_truncation_is_an_error_that_names_the_file()
    {
        foreach (var content in new[] { Two, Zip(Two) })
            for (int n = 0; n < content.Length; n++)
                Assert.Contains("labels.gz", Assert.Throws<InvalidDataException>(() => Idx.Parse(content[..n], "labels.gz")).Message);
    }

    [Fact]
    public void Dimensions_of_a_corrupt_header_do_not_overflow() => Assert.Equal(
        "x: [100000×100000] is more than an array can hold",
        Assert.Throws<InvalidDataException>(() => Idx.Parse([0, 0, 8, 3, 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 127, 255, 255, 255], "x")).Message);

    [Fact]
    public void Says_what_is_missing() => Assert.Equal(
        "x is truncated: [2×3] needs 6 bytes, it has 5", Assert.Throws<InvalidDataException>(() => Idx.Parse(Two[..^1], "x")).Message);

    [Fact]
    public void Other_formats_are_refused() => Assert.Equal(
        "x is no IDX file: it starts with FFD8FFE0", Assert.Throws<InvalidDataException>(() => Idx.Parse([0xff, 0xd8, 0xff, 0xe0, 0], "x")).Message);
}
