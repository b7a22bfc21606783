using AdaQat.Checkpoints;
using AdaQat.Quantizers;
using AdaQat.Tests.Checkpoints;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

/// <summary>What was found is saved and loaded, and files from before there was anything to find mean what they meant.</summary>
public sealed class TransformStateTests : IDisposable
{
    private const string Suffix = ".weight_quantizer.transform";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _input = Networks.Rows(5).Input;

    [Theory]
    [InlineData("save", 0.1, 30)]
    [InlineData("state", 0.1, 30)]
    [InlineData("checkpoint", 0.1, 30)]
    [InlineData("save", 30, 0.01)]
    [InlineData("state", 30, 0.01)]
    [InlineData("checkpoint", 30, 0.01)]
    public void A_model_computes_after_loading_what_it_computed_though_its_weights_would_be_judged_otherwise_now(
        string way, double before, double after)
    {
        using var trained = new Net(_input, seed: 1, scale: before);
        trained.Train();
        trained.Scale(after);
        using var fresh = new Net(_input, seed: 2);
        var path = _folder.In("model");

        switch (way)
        {
            case "save":
                trained.Model.save(path);
                fresh.Model.load(path);
                break;
            case "state":
                fresh.Model.load_state_dict(trained.Model.state_dict());
                break;
            default:
                Save(trained, path);
                Checkpoint.LoadWeights(path, fresh.Model);
                break;
        }

        fresh.Evaluate().Should().Equal(trained.Evaluate());
        fresh.Transforms.Should().Equal(trained.Transforms).And.AllBeEquivalentTo(
            before > 1 ? WeightTransform.Linear : WeightTransform.Tanh);
    }

    [Fact]
    public void A_run_that_is_resumed_goes_on_with_what_it_found()
    {
        using var run = new Net(_input, seed: 1);
        run.Train();
        run.Scale(30);
        Save(run, _folder.In("run"));
        using var resumed = new Net(_input, seed: 2);
        using var weights = optim.SGD(resumed.Quantized.Parameters(), 0.1);

        Checkpoint.Resume(_folder.In("run"), resumed.Quantized, weights);

        resumed.Transforms.Should().AllBeEquivalentTo(WeightTransform.Tanh);
        resumed.Evaluate().Should().Equal(run.Evaluate());
    }

    [Theory]
    [InlineData(WeightTransform.Tanh, false)]
    [InlineData(WeightTransform.Linear, false)]
    [InlineData(WeightTransform.Tanh, true)]
    [InlineData(WeightTransform.Linear, true)]
    public void A_checkpoint_whose_transform_was_chosen_loads_with_it(WeightTransform chosen, bool resumes)
    {
        using var former = new Net(_input, seed: 1, scale: chosen == WeightTransform.Tanh ? 30 : 0.1, chosen);
        former.Train();
        Save(former, _folder.In("former"));
        using var today = new Net(_input, seed: 2);
        using var weights = optim.SGD(today.Quantized.Parameters(), 0.1);

        if (resumes)
        {
            Checkpoint.Resume(_folder.In("former"), today.Quantized, weights);
        }
        else
        {
            Checkpoint.LoadWeights(_folder.In("former"), today.Model);
        }

        today.Transforms.Should().AllBeEquivalentTo(chosen);
        today.Evaluate().Should().Equal(former.Evaluate());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_found_in_the_checkpoint_of_a_whole_of_which_a_part_was_attached(bool loadsPart)
    {
        using var former = new Net(_input, seed: 1, transform: WeightTransform.Linear);
        using var whole = nn.Sequential(("body", former.Model), ("head", nn.Linear(3, 2)));
        former.Quantized.PartOf(whole);
        using (var weights = optim.SGD(whole.parameters(), 0.1))
        {
            Checkpoint.Save(_folder.In("whole"), former.Quantized, weights);
        }

        using var today = new Net(_input, seed: 2);
        using var other = nn.Sequential(("body", today.Model), ("head", nn.Linear(3, 2)));
        Checkpoint.LoadWeights(_folder.In("whole"), loadsPart ? today.Model : other, loadsPart ? "body" : null);

        today.Transforms.Should().AllBeEquivalentTo(WeightTransform.Linear);
        today.Evaluate().Should().Equal(former.Evaluate());
    }

    [Fact]
    public void A_run_whose_transform_was_found_is_not_resumed_with_another_that_is_chosen()
    {
        using var run = new Net(_input, seed: 1);
        Save(run, _folder.In("run"));
        using var other = new Net(_input, seed: 1, transform: WeightTransform.Linear);
        using var weights = optim.SGD(other.Quantized.Parameters(), 0.1);

        FluentActions.Invoking(() => Checkpoint.Resume(_folder.In("run"), other.Quantized, weights)).Should().Throw<CheckpointException>()
            .WithMessage("*setting 'fc1.weight_quantizer.Transform' is Auto there and Linear here.");
    }

    [Fact]
    public void The_checkpoint_of_format_1_that_lies_here_was_made_with_tanh_and_is_loaded_with_it()
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "checkpoint-format-1.safetensors");
        using var run = new FormatOneRun(seed: 9, WeightTransform.Auto);

        Checkpoint.LoadWeights(fixture, run.Model);
        Transforms(run.Quantized).Should().AllBeEquivalentTo(WeightTransform.Tanh);

        using var resumed = new FormatOneRun(seed: 9, WeightTransform.Auto);
        Checkpoint.Resume(fixture, resumed.Quantized, resumed.Weights, resumed.Widths);
        Transforms(resumed.Quantized).Should().AllBeEquivalentTo(WeightTransform.Tanh);
    }

    [Fact]
    public void A_network_in_float_is_judged_anew_by_the_weights_that_it_brings()
    {
        using var source = new Net(_input, seed: 1, scale: 30);
        source.Quantized.Detach();
        using (var weights = optim.SGD(source.Model.parameters(), 0.1))
        {
            Checkpoint.Save(_folder.In("float"), source.Model, weights);
        }

        using var net = new Net(_input, seed: 2);
        net.Train();
        net.Transforms.Should().AllBeEquivalentTo(WeightTransform.Tanh);

        Checkpoint.LoadWeights(_folder.In("float"), net.Model);
        net.Train();

        net.Transforms.Should().AllBeEquivalentTo(WeightTransform.Linear);
    }

    [Fact]
    public void A_state_that_holds_no_transform_that_there_is_is_refused_by_name()
    {
        using var net = new Net(_input, seed: 1);
        var state = net.Model.state_dict();
        using (no_grad())
        {
            state[$"fc1{Suffix}"].fill_(7);
        }

        net.Invoking(n => n.Evaluate()).Should().Throw<InvalidOperationException>()
            .WithMessage("The state of a DoReFaQuantizer has 7 for 'transform'; allowed are 0 (Tanh), 1 (Linear) and 2 (Auto*");
    }

    [Fact]
    public void Moved_to_another_type_it_stays()
    {
        using var net = new Net(_input, seed: 1, scale: 30);
        net.Train();

        net.Model.to(ScalarType.Float64);
        net.Model.call(_input.to(ScalarType.Float64)).Dispose();

        net.Transforms.Should().AllBeEquivalentTo(WeightTransform.Linear);
        net.Model.state_dict()[$"fc1{Suffix}"].dtype.Should().Be(ScalarType.Int64);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    private static void Save(Net net, string path)
    {
        using var weights = optim.SGD(net.Quantized.Parameters(), 0.1);
        Checkpoint.Save(path, net.Quantized, weights);
    }

    private static IEnumerable<WeightTransform?> Transforms(QuantizedModel quantized) =>
        quantized.Layers.Select(l => ((DoReFaQuantizer)l.WeightQuantizer).Transform);

    private sealed class Net : IDisposable
    {
        private readonly Tensor _input;

        public Net(Tensor input, long seed, double scale = 0.1, WeightTransform transform = WeightTransform.Auto)
        {
            manual_seed(seed);
            _input = input;
            Model = Networks.Linear();
            Scale(scale);
            Quantized = QuantizedModel.Attach(Model, input, new QuantizationOptions
            {
                WeightBits = BitWidthChoice.Fixed(8),
                ActivationBits = BitWidthChoice.Fixed(8),
                Weights = new DoReFaOptions { Transform = transform },
            });
        }

        public nn.Module<Tensor, Tensor> Model { get; }

        public QuantizedModel Quantized { get; }

        public IEnumerable<WeightTransform?> Transforms => TransformStateTests.Transforms(Quantized);

        public void Scale(double factor)
        {
            using var guard = no_grad();
            foreach (var layer in new[] { "fc1", "fc2", "fc3" })
            {
                Model.get_parameter($"{layer}.weight")!.mul_(factor);
            }
        }

        public void Train()
        {
            Model.train();
            Model.call(_input).Dispose();
        }

        public byte[] Evaluate()
        {
            Model.eval();
            using var guard = no_grad();
            using var output = Model.call(_input);
            return Bits.Of(output);
        }

        public void Dispose()
        {
            Quantized.Dispose();
            Model.Dispose();
        }
    }
}
