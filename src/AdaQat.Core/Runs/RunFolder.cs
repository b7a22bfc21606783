using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdaQat.Checkpoints;

namespace AdaQat.Training;

/// <summary>
/// The folder of one run: its options from the start, history and checkpoints as it goes, <c>run.json</c> at the end. From
/// <see cref="SaveOptions"/> or <see cref="Open"/> on until it is disposed, no other process works in it.
/// </summary>
/// <remarks>
/// <code>
/// using var folder = resume ? RunFolder.Open(path) : RunFolder.New(path);
/// options = resume ? folder.LoadOptions&lt;Options&gt;() : options;
/// folder.SaveOptions(options);                                    // makes the folder
/// var how = new TrainerOptions { CheckpointPath = folder.CheckpointPath, Observers = [new HistoryFile(folder.HistoryPath)] };
/// …
/// folder.SaveRecord(record);
/// </code>
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private readonly bool _isNumbered;
    private FileStream? _lock;

    private RunFolder(string path, bool isNumbered = false) => (Path, _isNumbered) = (System.IO.Path.GetFullPath(path), isNumbered);

    /// <summary>How the folder's files, and a program's own beside them, are written: camelCase names, enumerations as words.</summary>
    public static JsonSerializerOptions Json { get; } = MakeJson();

    /// <summary>The full path; of a folder from <see cref="NewIn"/> it is final when options are saved.</summary>
    public string Path { get; private set; }

    /// <summary>What the run was started with: <c>options.json</c>.</summary>
    public string OptionsPath => In("options.json");

    /// <summary>For a <see cref="HistoryFile"/>: <c>history.csv</c>.</summary>
    public string HistoryPath => In("history.csv");

    /// <summary>The outcome: <c>run.json</c>.</summary>
    public string RecordPath => In("run.json");

    /// <summary>For <see cref="TrainerOptions.CheckpointPath"/>: <c>checkpoint.safetensors</c>.</summary>
    public string CheckpointPath => In("checkpoint.safetensors");

    /// <summary>For <see cref="TrainerOptions.ParetoFolder"/>: <c>front</c>.</summary>
    public string FrontPath => In("front");

    /// <summary>The folder of a new run, which <see cref="SaveOptions"/> makes; one that holds a run already is left alone.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RunFolderException">There is a run already.</exception>
    public static RunFolder New(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var folder = new RunFolder(path);
        return folder.Trace() is null ? folder : throw folder.AlreadyThere();
    }

    /// <summary>
    /// The folder of a new run whose name nothing has yet: the date, the time and a word, such as 20261126-184301-adaqat.
    /// </summary>
    /// <param name="parent">Where it will be.</param>
    /// <param name="word">What kind of run it is.</param>
    public static RunFolder NewIn(string parent, string word)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parent);
        return new RunFolder(System.IO.Path.Combine(parent, FormattableString.Invariant($"{DateTime.Now:yyyyMMdd-HHmmss}-{word}")), true);
    }

    /// <summary>The folder of a run that is to go on.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RunFolderException">No run was started there, or another process works in the folder.</exception>
    public static RunFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var folder = new RunFolder(path);
        if (!File.Exists(folder.OptionsPath))
        {
            throw new RunFolderException($"{path}: there is no run to go on with ({folder.OptionsPath} is missing).");
        }

        try
        {
            folder._lock = folder.TryLock() ?? throw folder.Taken();
        }
        catch (Exception fault) when (fault is IOException and not RunFolderException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: cannot be written to: {fault.Message}", fault);
        }

        return folder;
    }

    /// <summary>Makes the folder and writes into it what the run is started with.</summary>
    /// <param name="options">The program's own options; a record of plain properties.</param>
    /// <exception cref="RunFolderException">
    /// The folder cannot be made or written to, or another process has been faster.
    /// </exception>
    public void SaveOptions<TOptions>(TOptions options)
    {
        try
        {
            if (_lock is null)
            {
                MakeFolder();
            }

            WriteJson(OptionsPath, options);
        }
        catch (Exception fault) when (fault is IOException and not RunFolderException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{Path}: cannot be written to: {fault.Message}", fault);
        }
    }

    /// <summary>What the run was started with.</summary>
    /// <exception cref="RunFolderException">The file cannot be read, or holds something else.</exception>
    public TOptions LoadOptions<TOptions>()
    {
        try
        {
            return JsonSerializer.Deserialize<TOptions>(File.ReadAllText(OptionsPath), Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{OptionsPath}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the run's outcome.</summary>
    /// <param name="record">The program's own record.</param>
    /// <exception cref="IOException">It could not be written; what was there before is untouched.</exception>
    public void SaveRecord<TRecord>(TRecord record) => WriteJson(RecordPath, record);

    /// <summary>Writes a value as JSON; a reader finds the old file or the new one, never half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">What is written, as <see cref="Json"/> says.</param>
    /// <exception cref="IOException">It could not be written; what was there before is untouched.</exception>
    public static void WriteJson<T>(string path, T value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, Json);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(bytes);
            stream.WriteByte((byte)'\n');
        });
    }

    /// <summary>Other processes may work in the folder again.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Makes the folder its own; of two processes that chose one name, one gets another, or is refused.</summary>
    private void MakeFolder()
    {
        var first = Path;
        for (var number = 2; ; number++)
        {
            Directory.CreateDirectory(Path);
            _lock = TryLock();
            if (_lock is not null && Trace() is null)
            {
                return;
            }

            var fault = _lock is null ? Taken() : AlreadyThere();
            _lock?.Dispose();
            _lock = null;
            Path = _isNumbered ? FormattableString.Invariant($"{first}-{number}") : throw fault;
        }
    }

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(
                In(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(In(".lock")))
        {
            return null;
        }
    }

    private RunFolderException Taken() => new($"{Path}: another process works in this folder; wait for it, or name another one.");

    private string? Trace() =>
        new[] { OptionsPath, HistoryPath, RecordPath, CheckpointPath, FrontPath }.FirstOrDefault(System.IO.Path.Exists);

    private RunFolderException AlreadyThere() =>
        new($"{Path}: there is a run already ({System.IO.Path.GetFileName(Trace())}); resume it, or name another folder.");

    private static JsonSerializerOptions MakeJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
