using System.Globalization;
using System.Text.RegularExpressions;
using AdaQat.Checkpoints;

namespace AdaQat.Training;

/// <summary>The checkpoints of a run's front, and <c>front.csv</c>, which lists them.</summary>
/// <remarks>
/// A new checkpoint is written first, then the list, then what the list no longer has is deleted: whenever the run is killed, every row has
/// its file. Checkpoints without a row are what such a kill left, and are deleted on opening.
/// </remarks>
internal sealed partial class ParetoFolder
{
    private readonly string _path;
    private readonly ParetoFront _front;

    private ParetoFolder(string path, ParetoFront front) => (_path, _front) = (path, front);

    private string ListPath => InFolder(ParetoFile.Name);

    /// <summary>Opens the folder, made where missing, for a run that has done <paramref name="steps"/> steps.</summary>
    /// <exception cref="IOException">It holds something that is not the front of this run; nothing has changed.</exception>
    public static ParetoFolder Open(string path, int steps)
    {
        Directory.CreateDirectory(path);
        var list = System.IO.Path.Combine(path, ParetoFile.Name);
        if (!File.Exists(list))
        {
            if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(IsForeign) is { } foreign)
            {
                throw new IOException(
                    $"ParetoFolder '{path}' holds '{System.IO.Path.GetFileName(foreign)}' and no {ParetoFile.Name}; name an empty "
                    + "folder, or one that is not there yet.");
            }

            ParetoFile.Write(list, []);
        }

        var points = ParetoFile.Read(list);
        if (steps == 0 && points.Count > 0)
        {
            throw new IOException(
                $"ParetoFolder '{path}' holds the front of another run, of {points.Count} checkpoints; resume that run, or name an "
                + "empty folder.");
        }

        var front = new ParetoFront();
        // One whose checkpoint somebody took away must not keep others out.
        foreach (var point in points.Where(p => File.Exists(System.IO.Path.Combine(path, p.File))))
        {
            front.Offer(point, out _);
        }

        var folder = new ParetoFolder(path, front);
        folder.RemoveUnlisted();
        return folder;
    }

    /// <summary>Whether a file of this name may be one of the front's checkpoints.</summary>
    public static bool IsCheckpoint(string name) => CheckpointName().IsMatch(name);

    /// <summary>Whether the checkpoint after <paramref name="epoch"/> is in the front.</summary>
    public bool Has(int epoch) => _front.Points.Any(p => p.Epoch == epoch);

    /// <summary>
    /// Writes the checkpoint with <paramref name="save"/> if the point belongs to the front, and deletes those it makes superfluous.
    /// </summary>
    public void Offer(ParetoPoint point, Action<string> save)
    {
        var named = point with { File = FreeName(point.Epoch) };
        if (!_front.Accepts(named))
        {
            return;
        }

        save(InFolder(named.File));
        _front.Offer(named, out var dominated);
        ParetoFile.Write(ListPath, _front.Points);
        foreach (var superfluous in dominated)
        {
            File.Delete(InFolder(superfluous.File));
        }
    }

    [GeneratedRegex(@"^epoch-\d{4,}(-\d+)?\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex CheckpointName();

    /// <summary>What a killed writer left is none of anybody's content.</summary>
    private static bool IsForeign(string file) => !file.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal);

    /// <summary>A run resumed from an older checkpoint goes through an epoch again, and the new one need not be the old one.</summary>
    private string FreeName(int epoch)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:0000}.safetensors");
        for (var number = 2; _front.Points.Any(p => p.File == name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:0000}-{number}.safetensors");
        }

        return name;
    }

    private void RemoveUnlisted()
    {
        var listed = _front.Points.Select(p => p.File).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (IsCheckpoint(name) && !listed.Contains(name))
            {
                File.Delete(file);
            }
        }
    }

    private string InFolder(string name) => System.IO.Path.Combine(_path, name);
}
