using System.Globalization;
using System.Text.Json;
using ResNet20Cifar.CommandLine;

namespace ResNet20Cifar.Output;

/// <summary>The folder of one run: its options from the start, history and checkpoints as it goes, <c>run.json</c> at the end.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string HistoryPath => In("history.csv");

    public string RecordPath => In("run.json");

    public string OptionsPath => In("options.json");

    /// <summary>The last checkpoint, weights and all that a run needs to go on.</summary>
    public string CheckpointPath => In("checkpoint.safetensors");

    /// <summary>The folder of the checkpoints that no other beats, where they are asked for.</summary>
    public string FrontPath => In("front");

    /// <summary>The folder of a new run, not made yet; one that holds a run already is left alone.</summary>
    public static RunFolder Choose(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = new RunFolder(System.IO.Path.GetFullPath(options.Out ?? FreeName(options.Mode)));
        if (
            new[] { folder.OptionsPath, folder.HistoryPath, folder.RecordPath, folder.CheckpointPath,
                folder.FrontPath }.FirstOrDefault(System.IO.Path.Exists) is { } found)
        {
            throw new SampleException(
                $"--out {options.Out}: there is a run already ({System.IO.Path.GetFileName(found)}); add --resume to go on with it, "
                + "or name another folder.",
                ExitCode.Usage);
        }

        return folder;
    }

    /// <summary>The folder of a run that is to go on.</summary>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        return File.Exists(folder.OptionsPath)
            ? folder
            : throw new SampleException(
                $"--resume --out {path}: there is no run to go on with ({folder.OptionsPath} is missing).", ExitCode.Usage);
    }

    /// <summary>Makes the folder and writes into it what the run is started with.</summary>
    public void SaveStart(RunStart start)
    {
        try
        {
            Directory.CreateDirectory(Path);
            AtomicText.Write(OptionsPath, JsonSerializer.Serialize(start, RunJson.Options));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"--out {Path}: cannot be written to: {fault.Message}", ExitCode.Usage, fault);
        }
    }

    public RunStart LoadStart()
    {
        try
        {
            return JsonSerializer.Deserialize<RunStart>(File.ReadAllText(OptionsPath), RunJson.Options)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"{OptionsPath}: cannot be read: {fault.Message}", inner: fault);
        }
    }

    public void SaveRecord(RunRecord record) => AtomicText.Write(RecordPath, JsonSerializer.Serialize(record, RunJson.Options));

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static string FreeName(RunMode mode)
    {
        var kind = mode switch
        {
            RunMode.FixedBits => "fixed",
            RunMode.Unquantized => "float",
            _ => "adaqat",
        };
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyyMMdd-HHmmss}-{kind}");
        var path = System.IO.Path.Combine("runs", name);
        for (var number = 2; System.IO.Path.Exists(path); number++)
        {
            path = System.IO.Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
        }

        return path;
    }
}
