using System.Text.RegularExpressions;
using AdaQat.Checkpoints;
using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>A checkpoint that does not fit is refused by what differs, and the run it was to fill is untouched.</summary>
public sealed class CheckpointRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.In("run.ckpt");

    [Fact]
    public void Another_lambda() => Refused(
        new TrainerRun(Options),
        new(Options, widths: Schedules.Exact with { Lambda = 0.3 }),
        "setting 'bit-widths.Lambda' is 0.15 there and 0.3 here.");

    [Fact]
    public void Another_number_of_epochs() =>
        Refused(new TrainerRun(Options), new(Options with { Epochs = 9 }), "setting 'epochs' is 2 there and 9 here.");

    [Fact]
    public void Other_milestones() => Refused(
        new TrainerRun(Options with { Schedule = LearningRateSchedule.Steps(0.1, 0.5) }),
        new(Options with { Schedule = LearningRateSchedule.Steps(0.1, 0.75) }),
        "setting 'schedule' is StepSchedule { Factor = 0.1, Milestones = [0.5] } there "
            + "and StepSchedule { Factor = 0.1, Milestones = [0.75] } here.");

    [Fact]
    public void Another_optimizer() => Refused(new TrainerRun(Options), new(Options, adam: true), "optimizer is SGD there and AdamW here.");

    [Fact]
    public void Another_quantization() => Refused(
        new TrainerRun(Options),
        new(Options, scheme: new QuantizationOptions { WeightBits = BitWidthChoice.Learned(8, 1) }),
        "layer 'conv2' is DoReFaQuantizer learned 2 to 8 bits, * there and DoReFaQuantizer learned 1 to 8 bits, * here.");

    [Fact]
    public void A_float_run_for_a_quantized_one() =>
        Refused(new TrainerRun(Options, isQuantized: false), new(Options), "layer 'conv1' is absent there and *");

    [Fact]
    public void Another_shape() =>
        Refused(nn.Linear(4, 3), nn.Linear(5, 3), "'model.layer.weight' is Float32 [3, 4] there and Float32 [3, 5] here.");

    [Fact]
    public void Another_type() => Refused(
        nn.Linear(4, 3), nn.Linear(4, 3, dtype: ScalarType.Float64),
        "'model.layer.weight' is Float32 [3, 4] there and Float64 [3, 4] here.");

    [Fact]
    public void A_layer_that_is_missing() => Refused(nn.Linear(4, 3, hasBias: false), nn.Linear(4, 3), "it has no 'model.layer.bias'.");

    [Fact]
    public void A_layer_too_many() => Refused(nn.Linear(4, 3), nn.Linear(4, 3, hasBias: false), "this model has no 'model.layer.bias'.");

    [Fact]
    public void Other_parameter_groups_of_the_same_optimizer() =>
        Refused(nn.Linear(4, 3), nn.Linear(4, 3), "is of another run: *", groups: 2);

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(200)]
    [InlineData(-1)]
    public void A_damaged_byte(int position)
    {
        Save(new TrainerRun(Options));
        var bytes = File.ReadAllBytes(Path);
        bytes[position < 0 ? ^1 : position] ^= 0x10;
        File.WriteAllBytes(Path, bytes);

        Refused(new TrainerRun(Options), "damaged or foreign*");
    }

    [Fact]
    public void A_file_cut_short()
    {
        Save(new TrainerRun(Options));
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^100]);

        Refused(new TrainerRun(Options), "damaged or foreign*");
    }

    [Fact]
    public void A_newer_format()
    {
        Save(new TrainerRun(Options));
        Rewrite(text => text.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal));

        Refused(new TrainerRun(Options), "is of format 2; this version reads up to 1. A newer version of AdaQat is needed.");
    }

    [Theory]
    [InlineData(@".{5}$", "")]
    [InlineData("\"settings\":", "\"sittings\":")]
    public void A_training_state_that_is_no_json_or_lacks_a_part(string pattern, string replacement)
    {
        Save(new TrainerRun(Options));
        Rewrite(text => Regex.Replace(text, pattern, replacement));

        Refused(new TrainerRun(Options), "The training state in * cannot be read*");
    }

    [Fact]
    public void Widths_outside_their_range()
    {
        using (var run = new TrainerRun(Options))
        {
            run.Trainer.Fit(new Batches(8, 4));
        }

        Rewrite(text => Regex.Replace(text, "\"name\":\"weights\",\"value\":[0-9.]+", "\"name\":\"weights\",\"value\":12"));

        Refused(new TrainerRun(Options), "The snapshot has 12 bits for 'weights'*");
    }

    [Fact]
    public void Tensors_without_a_training_state()
    {
        using var one = ones(1);
        SafeTensorsFile.Write(Path, new Dictionary<string, Tensor> { ["a"] = one }, new Dictionary<string, string>());

        Refused(new TrainerRun(Options), "holds tensors but no training state*");
    }

    [Fact]
    public void A_file_that_is_not_there()
    {
        using var run = new TrainerRun(Options);

        run.Trainer.Invoking(t => t.Resume(Path)).Should().Throw<FileNotFoundException>();
    }

    [Fact]
    public void The_culture_is_no_difference()
    {
        Save(new TrainerRun(Options));
        using var culture = new CommaCulture();

        using var run = new TrainerRun(Options);
        run.Trainer.Invoking(t => t.Resume(Path)).Should().NotThrow();
    }

    public void Dispose() => _folder.Dispose();

    private TrainerOptions Options => new() { Epochs = 2, CheckpointPath = Path };

    private static void Save(TrainerRun run)
    {
        using (run)
        {
            run.Trainer.SaveCheckpoint();
        }
    }

    private void Refused(TrainerRun there, TrainerRun here, string difference)
    {
        Save(there);
        Refused(here, difference);
    }

    private void Refused(nn.Module<Tensor, Tensor> there, nn.Module<Tensor, Tensor> here, string difference, int groups = 1)
    {
        using var saved = new FloatRun(there, 1, Options);
        using var resumed = new FloatRun(here, groups, Options);
        saved.Save();
        resumed.Refused(difference);
    }

    private void Refused(TrainerRun run, string difference)
    {
        using (run)
        {
            var before = run.Everything();

            run.Trainer.Invoking(t => t.Resume(Path)).Should().Throw<CheckpointException>()
                .WithMessage($"*{difference}").And.Message.Should().Contain(Path);

            run.Everything().ShouldEqual(before);
        }
    }

    private void Rewrite(Func<string, string> change)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(Path);
        var tensors = file.Entries.ToDictionary(e => e.Name, e => file.ReadTensor(e.Name));
        var metadata = file.Metadata.Where(m => m.Key == "adaqat.training").ToDictionary(m => m.Key, m => change(m.Value));
        metadata["adaqat.training"].Should().NotBe(file.Metadata["adaqat.training"], "the test has to change something");
        SafeTensorsFile.Write(Path, tensors, metadata);
    }

    /// <summary>A model in float with an optimizer whose parameters are in one group, or each in its own.</summary>
    private sealed class FloatRun : IDisposable
    {
        private readonly nn.Module<Tensor, Tensor> _model;
        private readonly TorchSharp.Modules.SGD _weights;
        private readonly TrainerOptions _options;

        public FloatRun(nn.Module<Tensor, Tensor> layer, int groups, TrainerOptions options)
        {
            _options = options;
            _model = nn.Sequential(("layer", layer));
            var parameters = _model.parameters().ToList();
            _weights = groups == 1
                ? optim.SGD(parameters, 0.1, momentum: 0.9)
                : optim.SGD(parameters.Select(p => new TorchSharp.Modules.SGD.ParamGroup([p], lr: 0.1, momentum: 0.9)), 0.1);
        }

        public void Save() => Trainer().SaveCheckpoint();

        public void Refused(string difference)
        {
            var before = State();

            Trainer().Invoking(t => t.Resume(_options.CheckpointPath!)).Should().Throw<CheckpointException>().WithMessage($"*{difference}");

            State().ShouldEqual(before);
        }

        public void Dispose()
        {
            _weights.Dispose();
            _model.Dispose();
        }

        private AdaQatTrainer Trainer() => new(_model, _weights, TrainerRun.CrossEntropy, _options);

        private Dictionary<string, byte[]> State()
        {
            var state = Bits.OfState(_model);
            state["(optimizer)"] = Bits.OfOptimizer(_weights);
            state["(random)"] = Bits.OfRandomState();
            return state;
        }
    }
}
