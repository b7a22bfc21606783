using AdaQat.Quantizers;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Tests.Quantization;

/// <summary>
/// TorchSharp calls a custom function's backward from native code: an exception there ends the process. What fails gives gradients of NaN,
/// and the next managed call raises it.
/// </summary>
public sealed class FailingBackwardTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Standalone => new(
        "DoReFa", "DoReFa by operators", "PACT", "PACT by operators", "a user's own", "binary by channel", "ternary with learned scales",
        "powers of two of a weight", "sums of powers of a weight, by operators", "codebook", "codebook by operators");

    [Theory]
    [MemberData(nameof(Standalone))]
    public void An_input_that_was_written_to_after_the_forward_gives_NaN_and_an_error_at_the_next_call(string kind)
    {
        using var quantizer = Quantizer(kind);
        var (leaf, latent) = Input();
        var quantized = quantizer.call(latent);
        using (no_grad())
        {
            latent.add_(1);
        }

        quantized.sum().backward();

        Near.Numbers(leaf.grad!).Should().OnlyContain(g => double.IsNaN(g));
        quantizer.Invoking(q => q.call(latent)).Should().Throw<Exception>().WithMessage("*modified by an inplace operation*");
        Near.Numbers(quantizer.call(latent)).Should().OnlyContain(v => double.IsFinite(v), "what was raised is over");
    }

    [Fact]
    public void A_second_backward_through_a_graph_that_was_freed_is_refused_and_the_next_step_goes_well()
    {
        using var model = Networks.Convolutional();
        var (input, target) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();

        loss.Invoking(l => l.backward()).Should().Throw<Exception>().WithMessage("*backward through the graph a second time*");

        model.zero_grad();
        nn.functional.cross_entropy(model.call(input), target).backward();
        quantized.Parameters().Should().OnlyContain(p => Near.Numbers(p.grad!).All(double.IsFinite));
    }

    [Fact]
    public void In_an_attached_model_the_next_forward_raises_it()
    {
        using var model = Networks.Convolutional(dropout: 0);
        var (input, target) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        FailInTheBackwardPass(model, input, target);

        model.Invoking(m => m.call(input)).Should().Throw<Exception>().WithMessage("*modified by an inplace operation*");

        model.call(input);
    }

    [Fact]
    public void A_step_of_the_widths_raises_it_before_anything_moves()
    {
        using var model = Networks.Convolutional(dropout: 0);
        var (input, target) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());
        var widths = new BitWidthOptimizer(quantized, Schedules.Exact);
        using var loss = FailInTheBackwardPass(model, input, target);

        widths.Invoking(w => w.Step(loss, () => nn.functional.cross_entropy(model.call(input), target))).Should().Throw<Exception>();

        widths.Steps.Should().Be(0);
        quantized.Widths.Should().OnlyContain(w => w.Value == 8);
    }

    [Fact]
    public void The_trainer_refuses_the_step_and_keeps_the_weights()
    {
        // The loss spoils what the quantizer of the last weight has saved, once in a while.
        TrainerRun? run = null;
        run = new TrainerRun(widths: Schedules.Economical, loss: (output, target) =>
        {
            var loss = nn.functional.cross_entropy(output, target);
            using var guard = no_grad();
            run!.Model.get_parameter("fc.weight")!.mul_(1);
            return loss;
        });
        using (run)
        {
            var before = Bits.OfState(run.Model);

            run.Trainer.Invoking(t => t.Fit(new Batches(8, 4))).Should().Throw<Exception>()
                .WithMessage("*modified by an inplace operation*");

            Bits.OfState(run.Model).Where(e => e.Key.EndsWith("weight", StringComparison.Ordinal))
                .Should().OnlyContain(e => e.Value.SequenceEqual(before[e.Key]));
            run.Trainer.Progress.Step.Should().Be(0);
        }
    }

    [Fact]
    public void The_gradient_of_a_gradient_is_that_of_the_formula()
    {
        // g = ∂x̂/∂x·v is linear in v: its derivative is the mask, whatever α does.
        using var quantizer = Make.Pact(3, 1);
        var x = Make.Leaf([-0.5, 0.25, 0.75, 2]);
        var v = Make.Leaf([1, 1, 1, 1]);
        var gradient = grad([quantizer.call(x)], [x], [v], create_graph: true)[0];

        gradient.sum().backward();

        Near.Numbers(v.grad!).Should().Equal(0, 1, 1, 0);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor FailInTheBackwardPass(nn.Module<Tensor, Tensor> model, Tensor input, Tensor target)
    {
        var loss = nn.functional.cross_entropy(model.call(input), target);
        using (no_grad())
        {
            // As a training program does that normalises or prunes a weight between the forward and the backward pass.
            model.get_parameter("conv2.weight")!.mul_(1);
        }

        loss.backward();
        return loss;
    }

    private static (Tensor Leaf, Tensor Latent) Input()
    {
        var leaf = Make.Leaf([-0.5, 0.25, 0.75, 2]);
        return (leaf, leaf * 1);
    }

    private static Quantizer Quantizer(string kind) => kind switch
    {
        "DoReFa" => Make.DoReFa(3),
        "DoReFa by operators" => Make.DoReFa(3, new DoReFaOptions { Kernels = KernelChoice.Operators }),
        "PACT" => Make.Pact(3, 1),
        "PACT by operators" => new PactQuantizer(
            BitWidth.Fixed("a", 3), options: new PactOptions { ClippingValue = 1, Kernels = KernelChoice.Operators }),
        _ when LevelFamilies.All.Contains(kind) => LevelFamilies.Started(kind, LevelFamilies.Of(kind).Least, Make.Tensor([1, -2, 3])),
        _ => new CubeQuantizer(BitWidth.Fixed("a", 3)),
    };

    /// <summary>One that needs its input in the backward pass, written with the public API alone.</summary>
    private sealed class CubeQuantizer : Quantizer
    {
        public CubeQuantizer(BitWidth width)
            : base(width) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            ThrowIfBackwardFailed();
            return Cube.apply(input, this);
        }

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();

        private sealed class Cube : SingleTensorFunction<Cube>
        {
            public override string Name => "Cube";

            public override Tensor forward(AutogradContext ctx, params object[] vars)
            {
                ctx.save_for_backward([(Tensor)vars[0]]);
                ctx.save_data("quantizer", vars[1]);
                return ((Tensor)vars[0]).pow(3);
            }

            public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) =>
                ((Quantizer)ctx.get_data("quantizer")).RunBackward(
                () => [grad_output * ctx.get_saved_variables()[0].square() * 3, null!],
                () => [full_like(grad_output, double.NaN), null!]);
        }
    }
}
