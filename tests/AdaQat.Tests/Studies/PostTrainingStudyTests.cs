using AdaQat.Studies.AfterTraining;
using AdaQat.Studies.CommandLine;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Studies;

/// <summary>The study of post-training quantization: its command line, its table, and rows that are there already.</summary>
public sealed class PostTrainingStudyTests
{
    private PostTrainingStudyOptions? _options;

    [Fact]
    public void Every_option_arrives_and_without_options_the_defaults_hold()
    {
        Run("post-training").Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new PostTrainingStudyOptions());

        Run("post-training", "--data", "d", "--network", "mobilenet", "--init", "c", "--images", "64", "--test-images", "65", "--full",
            "--corrections", "none,bias", "--threads", "1", "--csv", "f").Code.Should().Be(ExitCode.Success);
        _options.Should().Be(new PostTrainingStudyOptions
        {
            Data = "d",
            Network = "mobilenet",
            Init = "c",
            Images = 64,
            TestImages = 65,
            IsFull = true,
            Corrections = "none,bias",
            Threads = 1,
            Csv = "f",
        });
    }

    [Fact]
    public void A_correction_that_is_none_is_refused_with_those_that_are() =>
        Run("post-training", "--corrections", "none,bies").ShouldRefuse("--corrections", "none,bies", "some of none,equalisation,bias");

    [Fact]
    public void A_checkpoint_that_does_not_exist_is_refused_before_anything_is_computed()
    {
        var study = () => PostTrainingStudy.Execute(new PostTrainingStudyOptions { Init = "/nowhere/checkpoint" });

        study.Should().Throw<SampleException>().WithMessage("--init /nowhere/checkpoint: there is no such file.");
    }

    [Fact]
    public void Rows_that_are_in_the_file_are_not_computed_again_and_half_a_line_is_no_row()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "rows.csv");
        var all = StudyCase.All(isFull: false).ToList();
        var missing = all.First(c => c.Correction == StudyCorrection.None);
        File.WriteAllLines(path, all.Where(c => c != missing).Select(c => new StudyRow(c, 0.25, 1.5).ToCsv()).Prepend(StudyRow.Header));
        File.AppendAllText(path, "8,8,min-max,tens");
        var images = ProceduralImages.Create();
        images = images with { Train = images.Train.Take(8), Test = images.Test.Take(8) };

        PostTrainingStudy.Execute(new PostTrainingStudyOptions { Images = 8, Csv = path }, () => images).Should().Be(ExitCode.Success);

        var rows = File.ReadLines(path).Select(StudyRow.Parse).OfType<StudyRow>().ToList();
        rows.Select(r => r.Case).Should().BeEquivalentTo(all);
        rows[^1].Case.Should().Be(missing);
        rows.Where(r => r.Case != missing).Should().OnlyContain(r => r.Accuracy == 0.25 && r.Seconds == 1.5);
    }

    [Fact]
    public void The_table_has_every_width_observer_and_granularity_and_in_full_every_correction_with_each()
    {
        var some = StudyCase.All(isFull: false).ToList();
        var full = StudyCase.All(isFull: true).ToList();

        full.Should().HaveCount(3 * 2 * 5 * StudyCorrection.Names.Count).And.OnlyHaveUniqueItems();
        some.Should().HaveCount(3 * 2 * (4 + StudyCorrection.Names.Count)).And.BeSubsetOf(full);
        full.Should().OnlyContain(c => StudyRow.Parse(new StudyRow(c, 0.1, 2).ToCsv())!.Case == c);
    }

    private CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => new StudyCommand(
        PostTrainingCommand.Create(options =>
        {
            _options = options;
            return ExitCode.Success;
        })).Invoke(arguments, TextWriter.Null, error));
}
