using System.Collections;
using AdaQat.Checkpoints;

namespace AdaQat.Tests.Checkpoints;

/// <summary>A save replaces the file as a whole, or leaves everything as it was.</summary>
public sealed class SafeTensorsSavingTests : IDisposable
{
    private static readonly Dictionary<string, string> NoText = [];

    private readonly TemporaryFolder _folder = new();
    private readonly torch.Tensor _old = torch.zeros(5);
    private readonly torch.Tensor _new = torch.ones(5);

    [Fact]
    public void A_save_replaces_the_file_and_leaves_nothing_else()
    {
        var file = _folder.In("run.ckpt");
        Save(file, _old);
        Save(file, _new);

        _folder.FileNames().Should().Equal("run.ckpt");
        ValueIn(file).Should().Be(1);
    }

    [Fact]
    public void A_save_that_fails_on_the_way_leaves_the_old_file_and_nothing_else()
    {
        var file = _folder.In("run.ckpt");
        Save(file, _old);

        var save = () => SafeTensorsFile.Write(file, new FailingTensors(_new), NoText);

        save.Should().Throw<IOException>().WithMessage($"*{FailingTensors.Message}");
        _folder.FileNames().Should().Equal("run.ckpt");
        ValueIn(file).Should().Be(0);
    }

    [Fact]
    public void A_first_save_that_fails_on_the_way_leaves_nothing()
    {
        var save = () => SafeTensorsFile.Write(_folder.In("run.ckpt"), new FailingTensors(_new), NoText);

        save.Should().Throw<IOException>();
        _folder.FileNames().Should().BeEmpty();
    }

    [Fact]
    public void What_a_killed_save_left_is_removed_by_the_next_save_to_the_folder()
    {
        File.WriteAllText(_folder.In(".run.ckpt.0123.adaqat-partial"), "half a file");

        Save(_folder.In("other.ckpt"), _new);

        _folder.FileNames().Should().Equal("other.ckpt");
    }

    [Fact]
    public void What_another_save_is_writing_now_is_left_alone()
    {
        var name = ".run.ckpt.0123.adaqat-partial";
        using (new FileStream(_folder.In(name), FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            Save(_folder.In("other.ckpt"), _new);

            _folder.FileNames().Should().Equal(name, "other.ckpt");
        }
    }

    [Fact]
    public void A_file_that_is_open_for_reading_can_be_replaced_and_read_on()
    {
        var file = _folder.In("run.ckpt");
        Save(file, _old);
        using var opened = SafeTensorsFile.Open(file);

        Save(file, _new);

        using var read = opened.ReadTensor("t");
        read.data<float>().ToArray().Should().AllBeEquivalentTo(0f);
        ValueIn(file).Should().Be(1);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_IO_error()
    {
        var file = _folder.In("file");
        File.WriteAllText(file, "not a folder");

        var below = () => Save(Path.Combine(file, "run.ckpt"), _new);
        var missing = () => Save(_folder.In(Path.Combine("missing", "run.ckpt")), _new);

        below.Should().Throw<IOException>();
        missing.Should().Throw<IOException>().WithMessage("*missing*");
    }

    [Fact]
    public void What_the_format_cannot_hold_is_refused_by_name_before_anything_is_written()
    {
        using var complex = torch.zeros(2, dtype: torch.complex64);

        Refuses(new() { ["z"] = complex }, NoText, "*'z'*ComplexFloat32*Float32*");
        Refuses(new() { ["__metadata__"] = _new }, NoText, "*__metadata__*");
        Refuses(new() { ["t"] = null! }, NoText, "*'t'*null*");
        Refuses(new() { ["t"] = _new }, new() { ["adaqat.sha256"] = "x" }, "*adaqat.sha256*");
        Refuses(new() { ["t"] = _new }, new() { ["k"] = null! }, "*'k'*null*");
        _folder.FileNames().Should().BeEmpty();

        void Refuses(Dictionary<string, torch.Tensor> tensors, Dictionary<string, string> metadata, string message)
        {
            var save = () => SafeTensorsFile.Write(_folder.In("run.ckpt"), tensors, metadata);
            save.Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        _folder.Dispose();
    }

    private static void Save(string file, torch.Tensor tensor) =>
        SafeTensorsFile.Write(file, new Dictionary<string, torch.Tensor> { ["t"] = tensor }, NoText);

    private static float ValueIn(string file)
    {
        using var opened = SafeTensorsFile.Open(file);
        using var read = opened.ReadTensor("t");
        return read.data<float>().ToArray()[0];
    }

    /// <summary>Tensors whose second one cannot be had when its data are to be written, as when the disk is full by then.</summary>
    private sealed class FailingTensors(torch.Tensor tensor) : IReadOnlyDictionary<string, torch.Tensor>
    {
        public const string Message = "No space is left.";

        public IEnumerable<string> Keys => ["a", "b"];

        public IEnumerable<torch.Tensor> Values => [tensor, tensor];

        public int Count => 2;

        public torch.Tensor this[string key] => key == "a" ? tensor : throw new IOException(Message);

        public bool ContainsKey(string key) => key is "a" or "b";

        public bool TryGetValue(string key, out torch.Tensor value)
        {
            value = tensor;
            return ContainsKey(key);
        }

        public IEnumerator<KeyValuePair<string, torch.Tensor>> GetEnumerator() =>
            Keys.Select(key => KeyValuePair.Create(key, tensor)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
