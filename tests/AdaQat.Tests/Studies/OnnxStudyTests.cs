using AdaQat.Export;
using AdaQat.Studies.CommandLine;
using AdaQat.Studies.Deploying;
using AdaQat.Studies.Training;
using AdaQat.Training;
using Samples.Cifar10;
using Samples.CommandLine;
using static TorchSharp.torch;

namespace AdaQat.Tests.Studies;

/// <summary>Trained networks as ONNX files, beside their integer networks.</summary>
public sealed class OnnxStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Both_forms_are_compared_with_optimisation_off_and_on()
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        using var model = new SmallResNet();
        model.eval();
        using var quantized = DeployedNetworks.Quantize(model, randn(4, 3, 32, 32), "LSQ", "4/4");
        var data = ProceduralImages.Create();

        var rows = OnnxComparison.Print(quantized, data.Test.Take(120), data.Normalization);

        rows.Select(row => (row.Form, row.Optimizes)).Should().Equal(
            (OnnxForm.Compact, false), (OnnxForm.Compact, true), (OnnxForm.Fusable, false), (OnnxForm.Fusable, true));
        rows.Should().OnlyContain(row => row.Report.Unexplained == 0 && row.Report.Codes > 1000 && row.Report.LayerImages == 8
            && row.Report.Images == 120);
        rows.Take(2).Should().OnlyContain(row => row.Report.TopOneDifferent == 0 && row.Right == row.RightInIntegers);
        rows[0].ToString().Should().MatchRegex(@"^\| Compact \| [\d,]+ \| no \| [\d,]+ \| \d+ \| 0 \| 120 \| 0 \| \d+ \| \d+ \|$");
    }

    [Fact]
    public void Finished_runs_are_gone_on_with_as_they_were_begun()
    {
        var run = new TrainOptions { WeightBits = 4, ActivationBits = 4, Seed = 5, Data = "there", Out = "elsewhere", Integers = 7 };
        using (var folder = RunFolder.New(_folder.In("run")))
        {
            folder.SaveOptions(run);
            folder.SaveRecord(new { TestAccuracy = 0.5 });
        }

        var gone = new List<TrainOptions>();
        var options = new OnnxStudyOptions { Runs = [_folder.In("run")], Images = 9, Threads = 1 };
        OnnxStudy.Execute(options, given =>
        {
            gone.Add(given);
            return ExitCode.Success;
        }).Should().Be(ExitCode.Success);

        gone.Should().Equal(run with { Out = _folder.In("run"), Threads = 1, Integers = null, Onnx = 9 });
    }

    [Fact]
    public void Folders_without_a_finished_run_and_runs_in_float_are_refused()
    {
        using (var folder = RunFolder.New(_folder.In("float")))
        {
            folder.SaveOptions(new TrainOptions());
            folder.SaveRecord(new { TestAccuracy = 0.5 });
        }

        Compare(_folder.In("nothing")).Should().Throw<SampleException>().WithMessage("--runs *nothing: there is no finished run of train.");
        Compare(_folder.In("float")).Should().Throw<SampleException>().WithMessage("--runs *float: nothing is quantized there*");

        static Action Compare(string path) => () => OnnxStudy.Execute(new OnnxStudyOptions { Runs = [path] }, _ => 0);
    }

    [Fact]
    public void Every_option_arrives()
    {
        OnnxStudyOptions? given = null;
        var command = new StudyCommand(OnnxCommand.Create(options =>
        {
            given = options;
            return ExitCode.Success;
        }));

        command.Invoke(["onnx", "--runs", "a,b", "--data", "d", "--images", "12", "--threads", "2"], TextWriter.Null, TextWriter.Null)
            .Should().Be(ExitCode.Success);
        given.Should().Be(new OnnxStudyOptions { Runs = ["a", "b"], Data = "d", Images = 12, Threads = 2 });
        command.Invoke(["onnx"], TextWriter.Null, TextWriter.Null).Should().Be(ExitCode.Usage);
    }

    public void Dispose() => _folder.Dispose();
}
