using System.Text.Json;
using EdgeWorkflow;
using Samples.Cifar10;
using Samples.CommandLine;

namespace AdaQat.Tests.Sample;

public sealed class EdgeWorkflowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_page_prints_the_walk_word_for_word()
    {
        var code = Lines("samples", "EdgeWorkflow", "Workflow.cs")
            .SkipWhile(line => !line.EndsWith("word for word.", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("// The page ends here.", StringComparison.Ordinal))
            .Select(line => line.Length >= 8 ? line[8..] : line);
        var page = Lines("docs", "workflow.md").SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```");

        page.Should().Equal(code);
    }

    [Fact]
    public void The_walk_leaves_a_page_a_plan_within_the_budget_and_figures()
    {
        Execute(new WorkflowOptions { Budget = 0.4 }).Should().Be(ExitCode.Success);

        File.ReadAllText(_folder.In("sensitivity.html")).Should().Contain("conv2").And.NotContain("http-equiv=\"refresh\"");
        var plan = PrecisionPlan.Load(_folder.In("plan.json"));
        plan.Cost.Should().BeLessThanOrEqualTo(plan.Budget);
        plan.Widths.Should().OnlyContain(width => width.Bits == 2 || width.Bits == 4 || width.Bits == 8);
        using var figures = JsonDocument.Parse(File.ReadAllText(_folder.In("evaluation.json")));
        figures.RootElement.GetProperty("quantized").GetProperty("bitOps").GetDouble().Should().BeLessThanOrEqualTo(plan.Budget);
    }

    [Fact]
    public void A_budget_out_of_reach_is_refused_with_what_the_fewest_bits_cost()
    {
        var walk = () => Execute(new WorkflowOptions { Budget = 0.01 });

        walk.Should().Throw<SampleException>().WithMessage("--budget 0.01: out of reach*");
        File.Exists(_folder.In("plan.json")).Should().BeFalse();
    }

    [Fact]
    public void Options_arrive_and_bad_ones_are_refused()
    {
        WorkflowOptions? options = null;
        var outcome = Run("--network", "resnet18", "--budget", "0.5", "--out", "o", "--epochs", "2", "--fine-tuning-epochs", "3", "--data",
            "d", "--batch-size", "5", "--train-images", "6", "--test-images", "7", "--seed", "8", "--threads", "1");

        outcome.Code.Should().Be(ExitCode.Success);
        options.Should().Be(new WorkflowOptions
        {
            Network = "resnet18",
            Budget = 0.5,
            Out = "o",
            Epochs = 2,
            FineTuningEpochs = 3,
            Data = "d",
            BatchSize = 5,
            TrainImages = 6,
            TestImages = 7,
            Seed = 8,
            Threads = 1,
        });
        Run("--budget", "1.5").ShouldRefuse("--budget", "1.5", "numbers above 0, up to 1");
        Run("--network", "vgg").ShouldRefuse("--network", "vgg", "small or mobilenet_v2 or resnet18");

        CommandOutcome Run(params string[] arguments) => CommandOutcome.Of(error => WorkflowCommand.Invoke(
            arguments, TextWriter.Null, error, given =>
            {
                options = given;
                return ExitCode.Success;
            }));
    }

    public void Dispose() => _folder.Dispose();

    private int Execute(WorkflowOptions options)
    {
        var images = ProceduralImages.Create();
        return WorkflowRun.Execute(
            options with { Epochs = 1, FineTuningEpochs = 1, BatchSize = 16, Out = _folder.Path },
            () => images with { Train = images.Train.Take(48), Test = images.Test.Take(16) });
    }

    private static IEnumerable<string> Lines(params string[] path) => File.ReadLines(Path.Combine([Repository.Root, .. path]));
}
