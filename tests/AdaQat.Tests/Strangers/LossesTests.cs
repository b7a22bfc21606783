using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Strangers;

/// <summary>Losses of several forwards, several outputs, several batches.</summary>
public sealed class LossesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public LossesTests() => manual_seed(1);

    [Fact]
    public void A_siamese_network_with_a_contrastive_loss()
    {
        var model = Networks.Linear();
        var (left, right, isSame) = (randn(12, 4), randn(12, 4), randint(0, 2, [12]).to(ScalarType.Float32));
        using var quantized = QuantizedModel.Attach(model, left, new QuantizationOptions());

        StrangersLoop.Train(quantized, () =>
        {
            var distance = (model.call(left) - model.call(right)).square().sum(1).add(1e-6).sqrt();
            return ((isSame * distance.square()) + ((1 - isSame) * (1 - distance).clamp_min(0).square())).mean();
        });
    }

    [Fact]
    public void A_detector_with_several_heads_and_a_summed_loss()
    {
        var model = new Detector();
        var images = randn(4, 3, 8, 8);
        var (classes, boxes, masks) = (randint(0, 5, [4], dtype: ScalarType.Int64), rand(4, 4), rand(4, 1, 8, 8).round());
        using var quantized = QuantizedModel.Attach(model, images, Schemes.PerLayer);

        StrangersLoop.Train(quantized, () =>
        {
            var found = model.call(images);
            return nn.functional.cross_entropy(found["classes"], classes)
                + nn.functional.smooth_l1_loss(found["boxes"], boxes)
                + nn.functional.binary_cross_entropy_with_logits(found["masks"], masks);
        });
    }

    [Fact]
    public void Gradients_accumulated_over_several_batches()
    {
        var model = Networks.Convolutional(dropout: 0.2);
        var batches = Enumerable.Range(0, 3).Select(i => Networks.Images(4, seed: i + 1)).ToList();
        using var quantized = QuantizedModel.Attach(model, batches[0].Input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, StrangersLoop.Options);
        using var weights = optim.Adam(quantized.Parameters(), 0.01);
        var losses = new List<double>();
        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var all = batches.ConvertAll(LossOf);
            all.ForEach(loss => (loss / batches.Count).backward());
            widths.Step(all[^1], () => LossOf(batches[^1]));
            weights.step();
            losses.Add(all.Average(loss => loss.item<float>()));
        }

        StrangersLoop.Learned(quantized, losses);
        quantized.Warnings.Should().BeEmpty();
        ((BatchNorm2d)model.named_modules().First(m => m.name == "bn1").module).num_batches_tracked!.item<long>().Should().Be(60);

        Tensor LossOf((Tensor Input, Tensor Target) batch) => nn.functional.cross_entropy(model.call(batch.Input), batch.Target);
    }

    [Fact]
    public void An_exponential_average_of_the_weights_that_is_evaluated_and_put_back()
    {
        var model = Networks.Convolutional(dropout: 0);
        var (input, target) = Networks.Images(8);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        var plain = RunWithAverage(model, quantized, input, target, evaluates: false);
        var averaged = RunWithAverage(model, quantized, input, target, evaluates: true);

        averaged.Should().BeLessThan(plain + 10, "both are losses of the same model");
    }

    [Fact]
    public void A_network_that_calls_a_layer_twice_in_a_forward()
    {
        var (first, twice, last) = (nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 3));
        var model = new Lambda(
            x => last.call(twice.call(twice.call(first.call(x).relu()).relu()).relu()), ("first", first), ("twice", twice), ("last", last));
        var (input, target) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(model, input, Schemes.PerLayer);

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input), target));
    }

    [Fact]
    public void A_network_that_calls_layers_without_gradient_in_its_forward()
    {
        var (online, target, head) = (nn.Linear(4, 8), nn.Linear(4, 8), nn.Linear(8, 8));
        var model = new Lambda(
            x =>
            {
                Tensor aim;
                using (no_grad())
                {
                    aim = target.call(x);
                }

                return (head.call(online.call(x).relu()) - aim).square();
            },
            ("online", online), ("target", target), ("head", head));
        var (input, _) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(model, input, Schemes.PerLayer);

        StrangersLoop.Train(quantized, () => model.call(input).mean());
    }

    [Fact]
    public void A_frozen_backbone_below_a_head_that_is_trained()
    {
        var model = Networks.Convolutional(dropout: 0);
        foreach (var (name, parameter) in model.named_parameters().Where(p => !p.name.StartsWith("fc", StringComparison.Ordinal)))
        {
            parameter.requires_grad = false;
        }

        var (input, target) = Networks.Images(8);
        using var quantized = QuantizedModel.Attach(model, input, Schemes.PerLayer);

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input), target));
    }

    [Fact]
    public void A_frozen_backbone_as_a_whole_below_a_head_in_float()
    {
        var backbone = Networks.Linear();
        var head = nn.Linear(3, 3);
        foreach (var parameter in backbone.parameters())
        {
            parameter.requires_grad = false;
        }

        var (input, target) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(backbone, input, new QuantizationOptions());

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(head.call(backbone.call(input)), target), head.parameters());
    }

    [Fact]
    public void A_part_recomputed_in_the_backward_pass_by_hand()
    {
        var (body, head) = (Networks.Linear(), nn.Linear(3, 3));
        var whole = nn.Sequential(("body", body), ("head", head));
        var (input, target) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(whole, input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, StrangersLoop.Options);
        using var weights = optim.Adam(quantized.Parameters(), 0.01);
        var losses = new List<double>();
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            Tensor kept;
            using (no_grad())
            {
                kept = body.call(input);
            }

            var middle = kept.detach().requires_grad_();
            var loss = nn.functional.cross_entropy(head.call(middle), target);
            loss.backward();
            autograd.backward([body.call(input)], [middle.grad!]);
            widths.Step(loss, () => nn.functional.cross_entropy(whole.call(input), target));
            weights.step();
            losses.Add(loss.item<float>());
        }

        StrangersLoop.Learned(quantized, losses);
    }

    [Fact]
    public void Encoder_and_decoder_with_one_weight()
    {
        var encoder = nn.Linear(6, 3);
        var model = new Lambda(x => nn.functional.linear(encoder.call(x).tanh(), encoder.weight.t()), ("encoder", encoder));
        var input = randn(16, 6);
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null });

        StrangersLoop.Train(quantized, () => (model.call(input) - input).square().mean());
    }

    [Fact]
    public void A_language_model_with_its_embedding_tied_to_its_head()
    {
        var (model, tokens) = (new TiedLanguageModel(), randint(0, 9, [4, 3], dtype: ScalarType.Int64));
        using var quantized = QuantizedModel.Attach(
            model, tokens, new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null });

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(tokens).flatten(0, 1), tokens.flatten()));
    }

    [Fact]
    public void A_model_that_differentiates_itself_in_its_forward()
    {
        var energy = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1));
        var model = new Lambda(
            x =>
            {
                var positions = x.detach().requires_grad_();
                return -autograd.grad([energy.call(positions).sum()], [positions], retain_graph: true, create_graph: true)[0];
            },
            ("energy", energy));
        var (positions, forces) = (randn(16, 4), randn(16, 4));
        using var quantized = QuantizedModel.Attach(model, positions, Schemes.PerLayer);

        StrangersLoop.Train(quantized, () => (model.call(positions) - forces).square().mean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_through_forward_and_then_through_call_on_larger_images(bool isResidual)
    {
        var model = Pyramid(isResidual);
        var (small, target) = Networks.Images(4);
        var large = randn(4, 3, 16, 16);
        using var quantized = QuantizedModel.Attach(model, small, Schemes.PerLayer);
        var widths = new BitWidthOptimizer(quantized, StrangersLoop.Options);
        using var weights = optim.Adam(quantized.Parameters(), 0.01);
        var losses = new List<double>();
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            var batch = step < 10 ? small : large;
            Tensor Loss() => nn.functional.cross_entropy(step < 10 ? model.forward(batch) : model.call(batch), target);
            weights.zero_grad();
            var loss = Loss();
            loss.backward();
            model.parameters().Should().OnlyContain(p => Near.Numbers(p.grad!).All(double.IsFinite));
            widths.Step(loss, Loss);
            weights.step();
            losses.Add(loss.item<float>());
        }

        StrangersLoop.Learned(quantized, losses);
        quantized.Warnings.Should().ContainSingle(w => w.Subject == "forward");
    }

    [Fact]
    public void Recurrent_layers_between_attached_ones()
    {
        var (before, recurrent, after) = (nn.Linear(4, 8), nn.GRU(8, 8, batchFirst: true), nn.Linear(8, 3));
        var model = new Lambda(
            x => after.call(recurrent.call(before.call(x).relu(), null).Item1.mean([1])),
            ("before", before), ("recurrent", recurrent), ("after", after));
        var (input, target) = (randn(12, 5, 4), randint(0, 3, [12], dtype: ScalarType.Int64));
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null });

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input), target));

        quantized.Summary().ToString().Should().Contain("recurrent weights are used inside one operator");
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>Trains a little, with an average of the weights beside; what is evaluated with it leaves the run as it was.</summary>
    private static double RunWithAverage(
        nn.Module<Tensor, Tensor> model, QuantizedModel quantized, Tensor input, Tensor target, bool evaluates)
    {
        var average = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        StrangersLoop.Train(quantized, () =>
        {
            using (no_grad())
            {
                foreach (var (name, parameter) in model.named_parameters())
                {
                    average[name].mul_(0.9).add_(parameter, alpha: 0.1);
                }
            }

            return nn.functional.cross_entropy(model.call(input), target);
        }, closure: () => nn.functional.cross_entropy(model.call(input), target), steps: 10);
        if (!evaluates)
        {
            return Loss();
        }

        var (kept, before) = (model.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone()), Bits.OfState(model));
        Load(average);
        var loss = Loss();
        Load(kept);
        Bits.OfState(model).ShouldEqual(before);
        return loss;

        void Load(Dictionary<string, Tensor> values)
        {
            using var guard = no_grad();
            foreach (var (name, parameter) in model.named_parameters())
            {
                parameter.copy_(values[name]);
            }
        }

        double Loss()
        {
            using var guard = no_grad();
            model.eval();
            var loss = nn.functional.cross_entropy(model.call(input), target).item<float>();
            model.train();
            return loss;
        }
    }

    /// <summary>For images of any size; where residual, two layers read one tensor.</summary>
    private static nn.Module<Tensor, Tensor> Pyramid(bool isResidual)
    {
        var (stem, block, shortcut) =
            (nn.Conv2d(3, 8, 3, padding: 1), nn.Conv2d(8, 8, 3, padding: 1), nn.Conv2d(8, 8, 1));
        var (norm, head) = (nn.BatchNorm2d(8), nn.Linear(8, 10));
        return new Lambda(
            x =>
            {
                var features = norm.call(stem.call(x)).relu();
                var sum = isResidual ? block.call(features) + shortcut.call(features) : shortcut.call(block.call(features).relu());
                return head.call(sum.relu().mean([2, 3]));
            },
            ("stem", stem), ("norm", norm), ("block", block), ("shortcut", shortcut), ("head", head));
    }

    /// <summary>A backbone and three heads, whose outputs come as a dictionary.</summary>
    private sealed class Detector : nn.Module<Tensor, Dictionary<string, Tensor>>
    {
        private readonly Sequential _backbone =
            nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, padding: 1), nn.ReLU());

        private readonly Linear _classes = nn.Linear(8, 5);
        private readonly Linear _boxes = nn.Linear(8, 4);
        private readonly ConvTranspose2d _masks = nn.ConvTranspose2d(8, 1, 3, padding: 1);

        public Detector()
            : base(nameof(Detector)) => RegisterComponents();

        public override Dictionary<string, Tensor> forward(Tensor input)
        {
            var features = _backbone.call(input);
            var pooled = features.mean([2, 3]);
            return new() { ["classes"] = _classes.call(pooled), ["boxes"] = _boxes.call(pooled), ["masks"] = _masks.call(features) };
        }
    }
}
