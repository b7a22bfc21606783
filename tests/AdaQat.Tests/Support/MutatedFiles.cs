using System.Buffers.Binary;
using AdaQat.Runtime;

namespace AdaQat.Tests.Support;

/// <summary>Files of integer models with bytes changed, dropped, doubled or taken from elsewhere.</summary>
internal static class MutatedFiles
{
    /// <summary>The file of a random model.</summary>
    public static byte[] Original(int seed)
    {
        using var stream = new MemoryStream();
        (seed % 2 == 0 ? RandomIntegerModel.Graph(seed) : RandomIntegerModel.Layer(seed, (seed % 8) + 1, 4)).Save(stream);
        return stream.ToArray();
    }

    /// <summary>The file with one to four changes, not equal to it.</summary>
    public static byte[] Mutated(byte[] original, Random random)
    {
        while (true)
        {
            var file = original.ToList();
            for (var change = random.Next(4); change >= 0 && file.Count > 0; change--)
            {
                Change(file, random);
            }

            if (!file.SequenceEqual(original))
            {
                return [.. file];
            }
        }
    }

    /// <summary>The file with a length and a checksum that are right, so that a reader looks at what it holds.</summary>
    public static byte[] Sealed(byte[] file)
    {
        if (file.Length >= FileFormat.HeaderBytes)
        {
            FileFormat.Magic.CopyTo(file);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), FileFormat.Version);
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(12), file.Length - FileFormat.HeaderBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), FileFormat.Checksum(file.AsSpan(FileFormat.HeaderBytes)));
        }

        return file;
    }

    /// <summary>Reads a file: true where it is a model, false where it is refused; anything else is thrown.</summary>
    public static bool IsRead(byte[] file, out long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            IntegerModel.Load(new MemoryStream(file, writable: false));
            return true;
        }
        catch (IntegerModelException)
        {
            return false;
        }
        finally
        {
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>
    /// Runs what was read on an image of zeros, if that takes little memory: true where it ran; anything but a refusal is thrown.
    /// </summary>
    public static bool Runs(byte[] file)
    {
        try
        {
            using var context = IntegerModel.Load(new MemoryStream(file, writable: false)).WithMemoryLimit(1 << 20).CreateContext();
            context.Run(1);
            return true;
        }
        catch (IntegerModelException)
        {
            return false;
        }
    }

    private static void Change(List<byte> file, Random random)
    {
        var place = random.Next(file.Count);
        switch (random.Next(7))
        {
            case 0:
                file[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[place] = (byte)random.Next(256);
                break;
            case 2:
                file[place] = random.Next(2) == 0 ? (byte)255 : (byte)0;
                break;
            case 3:
                file.RemoveRange(place, Math.Min(1 + random.Next(8), file.Count - place));
                break;
            case 4:
                file.InsertRange(place, Enumerable.Range(0, 1 + random.Next(8)).Select(_ => (byte)random.Next(256)).ToList());
                break;
            case 5:
                file.InsertRange(place, file.Skip(random.Next(file.Count)).Take(1 + random.Next(40)).ToList());
                break;
            default:
                file.RemoveRange(place, file.Count - place);
                break;
        }
    }
}
