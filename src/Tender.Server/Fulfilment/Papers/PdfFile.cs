using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>The outer form of a PDF 1.7 file (ISO 32000-1, 7.5): numbered objects, a table of where they are, a trailer. The same objects give the same bytes.</summary>
internal sealed class PdfFile
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<long> offsets = [];

    public PdfFile()
    {
        Write("%PDF-1.7\n%");
        bytes.Write<byte>([0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
    }

    /// <summary>A number for an object that is written later.</summary>
    public int Reserve()
    {
        offsets.Add(0);
        return offsets.Count;
    }

    public int Add(string content)
    {
        var number = Reserve();
        Set(number, content);
        return number;
    }

    public void Set(int number, string content)
    {
        offsets[number - 1] = bytes.WrittenCount;
        Write($"{number} 0 obj\n{content}\nendobj\n");
    }

    public int AddStream(string entries, ReadOnlySpan<byte> content)
    {
        var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(content);

        var number = Reserve();
        offsets[number - 1] = bytes.WrittenCount;
        Write($"{number} 0 obj\n<< {entries} /Filter /FlateDecode /Length {packed.Length} >>\nstream\n");
        bytes.Write(packed.ToArray());
        Write("\nendstream\nendobj\n");
        return number;
    }

    public byte[] Finish(int catalog, int about)
    {
        var table = bytes.WrittenCount;
        var id = Convert.ToHexString(SHA256.HashData(bytes.WrittenSpan).AsSpan(0, 16));
        Write($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) Write($"{offset.ToString("D10", CultureInfo.InvariantCulture)} 00000 n \n");
        Write($"trailer\n<< /Size {offsets.Count + 1} /Root {catalog} 0 R /Info {about} 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{table}\n%%EOF\n");
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Any text as a PDF string; nothing in it can end it early.</summary>
    public static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    public static string Date(DateTimeOffset at) => $"(D:{at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}Z)";

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private void Write(string ascii) => bytes.Write(Encoding.ASCII.GetBytes(ascii));
}
