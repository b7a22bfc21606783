using System.Text;

namespace ResNet20Cifar.Output;

/// <summary>Writes a text file aside and renames it, so that a reader never sees half of it.</summary>
public static class AtomicText
{
    public static void Write(string path, string text)
    {
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
