namespace AdaQat.Checkpoints;

/// <summary>Replaces a file as a whole: whoever opens it finds the old content or the new, whatever happens in between.</summary>
/// <remarks>
/// The content goes to a temporary file in the same folder, is flushed to the disk, and the temporary file is renamed over the target.
/// The folder itself is not flushed, .NET having no call for it: after a power cut the rename may be undone, which brings back
/// the old file, whole.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>What the names of temporary files end with.</summary>
    public const string TemporarySuffix = ".adaqat-partial";

    /// <exception cref="IOException">The file could not be written; the message names it and says why.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' names no file.", nameof(path));
        try
        {
            RemoveAbandoned(folder);
            WriteAside(Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{TemporarySuffix}"), target, content);
        }
        // .NET tells of a file larger than the system allows by an argument out of range.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new IOException($"'{target}' could not be written: {error.Message}", error);
        }
    }

    private static void WriteAside(string temporary, string target, Action<Stream> content)
    {
        // Held open until it is renamed, which the sharing mode allows: an open file is not taken for an abandoned one.
        // Unbuffered, because a buffer that cannot be written out would fail a second time on closing.
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 0);
        try
        {
            content(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes what writers left that were killed. A file that a living writer holds cannot be opened, and stays.</summary>
    private static void RemoveAbandoned(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + TemporarySuffix))
        {
            try
            {
                using var abandoned = new FileStream(
                    file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }
}
