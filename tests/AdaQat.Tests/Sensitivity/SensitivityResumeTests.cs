using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sensitivity;

/// <summary>An analysis that is cut off, and goes on.</summary>
public sealed class SensitivityResumeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly QuantizedModel _quantized;

    public SensitivityResumeTests() =>
        _quantized = QuantizedModel.Attach(_model, Networks.Images(2, 5).Input, new QuantizationOptions());

    private SensitivityOptions Options => new() { WeightBits = [2, 4], ActivationBits = [3, 8], CheckpointPath = _folder.In("state.json") };

    /// <summary>There are 3 batches of 12 forwards each: cut off within a layer, at a layer's end and at a batch's end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(19)]
    [InlineData(35)]
    public void It_ends_as_one_that_was_not_cut_off(int forwards)
    {
        var whole = Run(Options with { CheckpointPath = null });

        Cut(forwards);
        var seen = new Seen(_ => { });
        var resumed = Run(Options, seen);

        resumed.Should().BeEquivalentTo(whole, options => options.WithStrictOrdering().ComparingByMembers<SensitivityReport>());
        resumed.Rows.Should().Equal(whole.Rows);
        seen.Count.Should().Be(36 - (forwards / 2 * 2), "a layer that was done is not computed again");
    }

    [Fact]
    public void One_that_is_done_is_not_computed_again()
    {
        var whole = Run(Options);
        var seen = new Seen(_ => { });

        Run(Options, seen).Rows.Should().Equal(whole.Rows);

        seen.Count.Should().Be(0);
    }

    [Fact]
    public void Progress_counts_all_forwards_to_the_end()
    {
        var reports = new List<SensitivityProgress>();

        Run(Options, new Seen(reports.Add));

        reports.Select(r => r.Done).Should().Equal(Enumerable.Range(1, 36).Select(i => (long)i));
        reports.Should().OnlyContain(r => r.Total == 36);
        reports[^1].Should().Be(new SensitivityProgress(36, 36, "fc", QuantizerTarget.Activation, 3));
    }

    [Fact]
    public void Another_model_other_options_and_other_data_are_refused_by_name()
    {
        Cut(5);

        Refused(Options with { WeightBits = [2, 5] }, "*is of another analysis: what is tried is 'conv1 Weight 2,4; *");
        Refused(Options with { Batches = 2 }, "*: the number of batches is '3' there and '2' here.*");
        Refused(Options with { Calibration = new CalibrationOptions() }, "*: the choice of ranges is 'the model' there and*");
        Refused(Options with { ReusesPrefix = false }, "*: the way is 'from the changed layer on' there and 'whole forwards' here.*");
        FluentActions.Invoking(() => SensitivityAnalysis.Run(
            _quantized, IndexedBatches.InOrder(Networks.Images(10, 3).Input, Networks.Images(10, 3).Target, 4), Loss, Options))
            .Should().Throw<CheckpointException>().WithMessage("*: the first batch is *");
        using (no_grad())
        {
            _model.parameters().First().add_(1e-3);
        }

        Refused(Options, "*: the model is *");
        File.WriteAllText(_folder.In("state.json"), "{ no json");
        Refused(Options, "*is no checkpoint of a sensitivity analysis*");
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _folder.Dispose();
        _scope.Dispose();
    }

    private static Tensor Loss(Tensor output, Tensor target) => nn.functional.cross_entropy(output, target);

    private void Refused(SensitivityOptions options, string message) =>
        FluentActions.Invoking(() => Run(options)).Should().Throw<CheckpointException>().WithMessage(message);

    private void Cut(int forwards)
    {
        using var source = new CancellationTokenSource();
        FluentActions.Invoking(() => Run(Options, new Seen(progress =>
        {
            if (progress.Done == forwards)
            {
                source.Cancel();
            }
        }), source.Token)).Should().Throw<OperationCanceledException>();
    }

    private SensitivityReport Run(
        SensitivityOptions options, IProgress<SensitivityProgress>? progress = null, CancellationToken token = default) =>
        SensitivityAnalysis.Run(_quantized, new Batches(10, 4), Loss, options, progress, token);

    private sealed class Seen(Action<SensitivityProgress> see) : IProgress<SensitivityProgress>
    {
        public int Count { get; private set; }

        public void Report(SensitivityProgress value)
        {
            Count++;
            see(value);
        }
    }
}
