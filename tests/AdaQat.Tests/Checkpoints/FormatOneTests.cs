using System.Security.Cryptography;
using System.Text.Json;
using AdaQat.Checkpoints;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>
/// A checkpoint of format 1 that lies here for good: today's version loads it and writes the same bytes, and what an independent reader in
/// Python has found in it (Fixtures/make_checkpoint.py) is what we read.
/// </summary>
public sealed class FormatOneTests : IDisposable
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "checkpoint-format-1.safetensors");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void It_loads_with_everything_in_it_and_trains_on()
    {
        using var run = new FormatOneRun(seed: 9);

        var progress = Checkpoint.Resume(Fixture, run.Quantized, run.Weights, run.Widths);

        (progress.Epoch, progress.Batch, progress.Step).Should().Be((1, 1, 3));
        progress.Notes.Should().Equal(new Dictionary<string, string> { ["best"] = "0.5" });
        run.Widths.Steps.Should().Be(3);
        run.Quantized.Widths.Select(w => w.Name).Should().Equal("weights", "activations");
        run.Quantized.Widths.Should().OnlyContain(w => w.Value < 8 && w.Value > 5 && !w.IsFrozen);
        // The file is older than widths in the state: they come from its document.
        foreach (var (name, bytes) in Bits.OfState(run.Model).Where(t => !t.Key.EndsWith("width_bits", StringComparison.Ordinal)))
        {
            Convert.ToHexStringLower(SHA256.HashData(bytes)).Should().Be(SeenByPython()[$"model.{name}"].Sha256, name);
        }

        Convert.ToHexStringLower(SHA256.HashData(Bits.OfRandomState())).Should().Be(SeenByPython()["random"].Sha256);
        run.Step();
        run.Widths.Steps.Should().Be(4);
    }

    [Fact]
    public void Python_reads_the_same_names_types_shapes_and_bytes()
    {
        using var file = SafeTensorsFile.Open(Fixture);

        var seen = file.Entries.ToDictionary(e => e.Name, e =>
        {
            using var tensor = file.ReadTensor(e.Name);
            return new PythonTensor(e.Dtype.ToString(), [.. e.Shape], Convert.ToHexStringLower(SHA256.HashData(Bits.Of(tensor))));
        });

        seen.Should().BeEquivalentTo(SeenByPython(), options => options.WithStrictOrdering());
    }

    [Fact]
    public void What_is_written_today_are_the_same_bytes()
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Fixture);
        var copy = _folder.In("copy");

        SafeTensorsFile.Write(
            copy, file.Entries.ToDictionary(e => e.Name, e => file.ReadTensor(e.Name)),
            file.Metadata.Where(m => m.Key != "adaqat.sha256").ToDictionary());

        File.ReadAllBytes(copy).Should().Equal(File.ReadAllBytes(Fixture));
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, PythonTensor> SeenByPython() => JsonSerializer.Deserialize<Dictionary<string, PythonTensor>>(
        File.ReadAllText(Path.ChangeExtension(Fixture, ".json")), JsonSerializerOptions.Web)!;

    private sealed record PythonTensor(string Type, long[] Shape, string Sha256);
}
