using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>Weights go from a float run into a quantized one and back.</summary>
public sealed class LoadWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    [Fact]
    public void A_float_run_starts_a_quantized_one()
    {
        var expected = Save(isQuantized: false);
        using var attached = new TrainerRun(seed: 9);

        Checkpoint.LoadWeights(Path, attached.Model);

        var state = Bits.OfState(attached.Model);
        expected.Should().OnlyContain(t => state[t.Key].SequenceEqual(t.Value));
        attached.Quantized!.QuantizerParameters()
            .Should().OnlyContain(p => double.IsNaN(p.item<float>()), "the first batch gives α its value");
    }

    [Fact]
    public void A_quantized_run_gives_its_latent_weights_to_a_float_model()
    {
        var expected = Save(isQuantized: true);
        using var model = Networks.Convolutional();

        Checkpoint.LoadWeights(Path, model);

        Bits.OfState(model).ShouldEqual(expected.Where(t => !t.Key.Contains("quantizer", StringComparison.Ordinal)).ToDictionary());
    }

    [Fact]
    public void A_quantized_run_gives_weights_and_clipping_values_to_an_attached_model()
    {
        var expected = Save(isQuantized: true);
        using var attached = new TrainerRun(seed: 9);

        Checkpoint.LoadWeights(Path, attached.Model);

        Bits.OfState(attached.Model).ShouldEqual(expected);
        attached.Quantized!.QuantizerParameters().Should().OnlyContain(p => double.IsFinite(p.item<float>()));
        attached.Trainer.Progress.Should().Be(TrainingProgress.Start);
        attached.Widths!.Steps.Should().Be(0);
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_by_name_and_nothing_changes()
    {
        Save(isQuantized: false);
        using var model = Networks.Linear();
        var before = Bits.OfState(model);

        var load = () => Checkpoint.LoadWeights(Path, model);

        load.Should().Throw<CheckpointException>().WithMessage("*is of another model: it has no 'model.fc1.bias'.");
        Bits.OfState(model).ShouldEqual(before);
    }

    [Fact]
    public void A_float_model_computes_on_after_loading()
    {
        Save(isQuantized: true);
        using var model = Networks.Convolutional();
        Checkpoint.LoadWeights(Path, model);
        var (input, target) = Networks.Images(4);

        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();

        model.parameters().Should().OnlyContain(p => !ReferenceEquals(p.grad, null));
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, byte[]> Save(bool isQuantized)
    {
        using var run = new TrainerRun(new TrainerOptions { CheckpointPath = Path }, isQuantized);
        run.Trainer.Fit(new Batches(8, 4));
        return Bits.OfState(run.Model);
    }
}
