using AdaQat.Training;

namespace AdaQat.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_come_back_as_they_were_saved()
    {
        var options = new RunChoices { Epochs = 3, Lambda = 0.1, Bits = new Pair(4, 3), Sharing = WidthSharing.Layer };
        Start(_folder.Path, options);

        using var folder = RunFolder.Open(_folder.Path);
        folder.LoadOptions<RunChoices>().Should().Be(options);
    }

    [Fact]
    public void Names_and_words_in_its_files_are_camel_case()
    {
        Start(_folder.Path, new RunChoices { Sharing = WidthSharing.Layer });

        File.ReadAllText(_folder.In("options.json")).Should().Contain("\"sharing\": \"layer\"").And.EndWith("}\n");
    }

    [Theory]
    [InlineData("options.json")]
    [InlineData("history.csv")]
    [InlineData("run.json")]
    [InlineData("checkpoint.safetensors")]
    [InlineData("front")]
    public void A_folder_with_a_run_in_it_is_not_written_over(string trace)
    {
        File.WriteAllText(_folder.In(trace), "");

        var make = () => RunFolder.New(_folder.Path);

        make.Should().Throw<RunFolderException>().WithMessage($"{_folder.Path}: there is a run already ({trace})*");
    }

    [Fact]
    public void A_folder_is_made_when_there_is_something_to_write()
    {
        using var folder = RunFolder.New(_folder.In("new", "run"));
        Directory.Exists(folder.Path).Should().BeFalse();

        folder.SaveOptions(new RunChoices());

        File.Exists(folder.OptionsPath).Should().BeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder.In("file"), "");

        var save = () => Start(_folder.In("file", "run"), new RunChoices());

        save.Should().Throw<RunFolderException>().WithMessage($"{_folder.In("file", "run")}: cannot be written to*");
    }

    [Fact]
    public void Runs_without_a_name_that_start_in_one_second_get_a_folder_each()
    {
        using var first = RunFolder.NewIn(_folder.Path, "float");
        using var second = RunFolder.NewIn(_folder.Path, "float");

        first.SaveOptions(new RunChoices());
        second.SaveOptions(new RunChoices());

        first.Path.Should().Contain("-float");
        second.Path.Should().NotBe(first.Path);
        File.Exists(first.OptionsPath).Should().BeTrue();
        File.Exists(second.OptionsPath).Should().BeTrue();
    }

    [Fact]
    public void Of_two_that_start_in_one_folder_the_second_is_refused()
    {
        using var first = RunFolder.New(_folder.Path);
        using var second = RunFolder.New(_folder.Path);
        first.SaveOptions(new RunChoices { Epochs = 1 });

        var save = () => second.SaveOptions(new RunChoices { Epochs = 2 });

        save.Should().Throw<RunFolderException>().WithMessage("*another process works in this folder*");
        first.LoadOptions<RunChoices>().Epochs.Should().Be(1);
    }

    [Fact]
    public void A_folder_in_which_a_run_goes_on_cannot_be_opened_until_it_ends()
    {
        using (var first = RunFolder.New(_folder.Path))
        {
            first.SaveOptions(new RunChoices());
            var open = () => RunFolder.Open(_folder.Path);
            open.Should().Throw<RunFolderException>().WithMessage("*another process*");
        }

        using var second = RunFolder.Open(_folder.Path);
        second.SaveOptions(new RunChoices { Epochs = 3 });
        second.LoadOptions<RunChoices>().Epochs.Should().Be(3);
    }

    [Fact]
    public void A_folder_without_a_run_cannot_be_gone_on_with()
    {
        var open = () => RunFolder.Open(_folder.Path);

        open.Should().Throw<RunFolderException>().WithMessage("*no run to go on with*options.json*");
    }

    [Theory]
    [InlineData("{ \"epochs\": ")]
    [InlineData("null")]
    [InlineData("{ \"epochs\": \"many\" }")]
    public void A_damaged_options_file_is_named(string content)
    {
        File.WriteAllText(_folder.In("options.json"), content);

        using var folder = RunFolder.Open(_folder.Path);
        var load = () => folder.LoadOptions<RunChoices>();

        load.Should().Throw<RunFolderException>().WithMessage("*options.json: cannot be read*");
    }

    [Fact]
    public void A_record_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        using var folder = RunFolder.New(_folder.Path);
        folder.SaveRecord(new Pair(1, 2));
        folder.SaveRecord(new Pair(3, 4));

        File.ReadAllText(folder.RecordPath).Should().Be("{\n  \"weights\": 3,\n  \"activations\": 4\n}\n");
        Directory.GetFiles(_folder.Path).Should().Equal(folder.RecordPath);
    }

    private static void Start(string path, RunChoices options)
    {
        using var folder = RunFolder.New(path);
        folder.SaveOptions(options);
    }
}
