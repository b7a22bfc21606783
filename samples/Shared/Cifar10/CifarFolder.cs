using Samples.CommandLine;

namespace Samples.Cifar10;

/// <summary>A folder that holds CIFAR-10's binary files.</summary>
public sealed class CifarFolder
{
    private CifarFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary><c>$XDG_CACHE_HOME/adaqat</c>, or <c>~/.cache/adaqat</c> where that variable is not set.</summary>
    public static string CacheRoot()
    {
        var configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return System.IO.Path.Combine(string.IsNullOrEmpty(configured) ? System.IO.Path.Combine(home, ".cache") : configured, "adaqat");
    }

    /// <summary>The folder, or the folder of the standard name inside it, whichever holds every file; null where neither does.</summary>
    public static CifarFolder? TryFind(string path)
    {
        string[] candidates = [path, System.IO.Path.Combine(path, CifarFormat.FolderName)];
        var found = candidates.FirstOrDefault(candidate => !Missing(candidate).Any());
        return found is null ? null : new CifarFolder(found);
    }

    /// <summary>
    /// As <see cref="TryFind"/>, where the user named the folder: what is missing is an error, never a reason to train on something else.
    /// </summary>
    public static CifarFolder Find(string path)
    {
        if (TryFind(path) is { } found)
        {
            return found;
        }

        var inner = System.IO.Path.Combine(path, CifarFormat.FolderName);
        var searched = Directory.Exists(inner) ? inner : path;
        throw new SampleException(
            !Directory.Exists(path)
                ? $"--data {path}: there is no such folder."
                : $"--data {path}: CIFAR-10's binary files are not all there; missing in {searched}: "
                    + $"{string.Join(", ", Missing(searched))}.",
            ExitCode.Usage);
    }

    public ImageDataset Load() => new(
        "CIFAR-10",
        CifarBinaryReader.Read([.. CifarFormat.TrainFiles.Select(Full)]),
        CifarBinaryReader.Read([Full(CifarFormat.TestFile)]),
        ChannelNormalization.Cifar10);

    private static IEnumerable<string> Missing(string folder) =>
        CifarFormat.AllFiles.Where(file => !File.Exists(System.IO.Path.Combine(folder, file)));

    private string Full(string file) => System.IO.Path.Combine(Path, file);
}
