using AdaQat.Quantizers;
using AdaQat.Tests.Models;
using AdaQat.Tests.Models.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Recomputing;

/// <summary>Quantized inputs that lie in lent memory and are written again in the backward pass: nothing but memory may differ.</summary>
public sealed class LentMemoryTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Architectures => [.. Zoo.Names];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Losses_gradients_and_state_are_those_of_kept_inputs_to_the_bit(string name)
    {
        var kept = Train(name, keep: true);
        var lent = Train(name, keep: false);

        lent.Losses.Should().Equal(kept.Losses);
        lent.Gradients.ShouldEqual(kept.Gradients);
        lent.State.ShouldEqual(kept.State);
    }

    [Fact]
    public void Estimates_of_probes_are_those_of_kept_inputs()
    {
        Estimates(keep: false).Should().Equal(Estimates(keep: true));
    }

    [Fact]
    public void A_backward_pass_may_be_repeated_and_come_after_other_forwards()
    {
        using var subject = Zoo.Create(nameof(Vgg));
        using var quantized = Attach(subject, keep: false);
        subject.Model.eval();
        subject.Loss().backward();
        var expected = Bits.OfGradients(subject.Model);

        // In eval mode, without dropout and batch statistics, every loss is the same.
        subject.Model.zero_grad();
        var loss = subject.Loss();
        using (no_grad())
        {
            subject.Loss();
        }

        var another = subject.Loss();
        foreach (var differentiated in new Action[] { () => loss.backward(retain_graph: true), () => loss.backward(), () => another.backward() })
        {
            subject.Model.zero_grad();
            differentiated();
            Bits.OfGradients(subject.Model).ShouldEqual(expected);
        }
    }

    [Fact]
    public void The_memory_is_as_large_as_the_largest_input_and_ends_with_the_attachment()
    {
        using var subject = Zoo.Create(nameof(Vgg));
        var quantized = Attach(subject, keep: false);
        Step(subject);
        Step(subject);
        LiveTensors.LeftBy(() => Step(subject)).Should().Be(0);

        LiveTensors.LeftBy(quantized.Detach).Should().BeLessThan(0, "the memory itself is disposed");
        quantized.Dispose();
    }

    [Fact]
    public void Memory_that_became_too_small_is_given_back_when_no_graph_needs_it()
    {
        using var layer = nn.Conv2d(2, 3, 3);
        using var model = new Lambda(x => layer.call(x), ("layer", layer));
        using var quantized = QuantizedModel.Attach(model, randn(1, 2, 8, 8), Scheme(keep: false));
        quantized.Memory.SmallestInput = 0;
        Step(8);
        Step(8);

        LiveTensors.LeftBy(() =>
        {
            Step(12);
            Step(16);
            Step(16);
        }).Should().Be(0);

        void Step(long size)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            model.call(randn(2, 2, size, size)).sum().backward();
        }
    }

    [Fact]
    public void What_the_user_does_in_place_to_an_output_is_allowed()
    {
        using var layer = nn.Conv2d(2, 3, 3);
        using var model = new Lambda(x => layer.call(x).mul_(2).add_(1), ("layer", layer));
        var input = randn(2, 2, 8, 8);

        WeightGradient(model, layer, input, keep: false).Should().Equal(WeightGradient(model, layer, input, keep: true));
    }

    [Fact]
    public void Channels_last_and_double_precision_are_lent_as_well()
    {
        foreach (var input in new[] { randn(2, 8, 8, 2).permute(0, 3, 1, 2), randn(2, 2, 8, 8, dtype: float64) })
        {
            using var layer = nn.Conv2d(2, 3, 3, dtype: input.dtype);
            using var model = new Lambda(x => layer.call(x), ("layer", layer));

            WeightGradient(model, layer, input, keep: false).Should().Equal(WeightGradient(model, layer, input, keep: true));
        }
    }

    [Fact]
    public void The_gradient_of_a_gradient_needs_kept_inputs_and_says_so()
    {
        using var layer = nn.Linear(4, 3);
        using var model = new Lambda(x => layer.call(x), ("layer", layer));
        var input = randn(5, 4, requires_grad: true);
        using (var quantized = QuantizedModel.Attach(model, input, Scheme(keep: false)))
        {
            quantized.Memory.SmallestInput = 0;
            var gradient = autograd.grad([model.call(input).square().sum()], [input], retain_graph: true, create_graph: true)[0];

            gradient.isnan().all().item<bool>().Should().BeTrue("a number that is wrong must not look right");
            var next = () => model.call(input);
            next.Should().Throw<NotSupportedException>().WithMessage("*KeepQuantizedInputs*");
            next.Should().NotThrow("it was said once");
        }

        using (QuantizedModel.Attach(model, input, Scheme(keep: true)))
        {
            var gradient = autograd.grad([model.call(input).square().sum()], [input], retain_graph: true, create_graph: true)[0];
            gradient.isfinite().all().item<bool>().Should().BeTrue();
            gradient.square().sum().backward();
        }
    }

    [Fact]
    public void Changing_the_input_in_place_before_the_backward_pass_is_noticed()
    {
        using var first = nn.Conv2d(1, 2, 3);
        using var model = new Lambda(x => first.call(x), ("layer", first));
        var input = randn(2, 1, 8, 8);
        using var quantized = QuantizedModel.Attach(model, input, Scheme(keep: false));
        quantized.Memory.SmallestInput = 0;
        var loss = model.call(input).sum();
        using (no_grad())
        {
            input.add_(1);
        }

        var backward = () => loss.backward();
        backward.Should().Throw<Exception>().WithMessage("*modified by an inplace operation*");
    }

    [Fact]
    public void A_layer_class_of_the_users_own_keeps_its_input()
    {
        using var layer = new SquaringConvolution();
        using var model = new Lambda(x => layer.call(x), ("layer", layer));
        var input = randn(2, 1, 6, 6);

        Gradient(keep: false).Should().Equal(Gradient(keep: true));

        byte[] Gradient(bool keep)
        {
            using var quantized = QuantizedModel.Attach(model, input, Scheme(keep));
            quantized.Memory.SmallestInput = 0;
            model.zero_grad();
            var loss = model.call(input).sum();
            model.call(input + 1);
            loss.backward();
            return Bits.Of(layer.weight!.grad!);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backward_pass_may_come_after_detaching_and_disposing(bool isDisposed)
    {
        Gradients(keep: false).ShouldEqual(Gradients(keep: true));

        Dictionary<string, byte[]> Gradients(bool keep)
        {
            using var subject = Zoo.Create(nameof(Vgg));
            using var quantized = Attach(subject, keep);
            var loss = subject.Loss();
            var another = subject.Loss();
            another.backward();
            subject.Model.zero_grad();
            quantized.Detach();
            if (isDisposed)
            {
                quantized.Dispose();
            }

            loss.backward();
            return Bits.OfGradients(subject.Model);
        }
    }

    private static byte[] WeightGradient(nn.Module<Tensor, Tensor> model, Convolution layer, Tensor input, bool keep)
    {
        using var quantized = QuantizedModel.Attach(model, input, Scheme(keep));
        quantized.Memory.SmallestInput = 0;
        model.zero_grad();
        model.call(input).square().mean().backward();
        return Bits.Of(layer.weight!.grad!);
    }

    private static (List<double> Losses, Dictionary<string, byte[]> Gradients, Dictionary<string, byte[]> State) Train(string name, bool keep)
    {
        using var subject = Zoo.Create(name);
        using var quantized = Attach(subject, keep);
        using var optimizer = optim.SGD(quantized.Parameters(), 0.05, momentum: 0.9);
        var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { ProbeInterval = 2 });
        var losses = new List<double>();
        for (var step = 0; step < 4; step++)
        {
            optimizer.zero_grad();
            var loss = subject.Loss();
            loss.backward();
            widths.Step(loss, subject.Loss);
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        return (losses, Bits.OfGradients(subject.Model), Bits.OfState(subject.Model));
    }

    private static List<double> Estimates(bool keep)
    {
        using var subject = Zoo.Create(nameof(Vgg));
        using var quantized = Attach(subject, keep);
        var widths = new BitWidthOptimizer(quantized, new BitWidthOptimizerOptions { ProbeInterval = 1, MaximumProbesPerStep = 1 });
        var loss = subject.Loss();
        loss.backward();
        return widths.Step(loss, subject.Loss).Probes.Select(p => p.Estimate ?? double.NaN).ToList();
    }

    private static QuantizedModel Attach(Subject subject, bool keep)
    {
        var quantized = subject.Attach(Scheme(keep) with { WeightGranularity = Granularity.Layer, ActivationGranularity = Granularity.Layer });
        quantized.Memory.SmallestInput = 0;
        return quantized;
    }

    private static QuantizationOptions Scheme(bool keep) => new() { KeepQuantizedInputs = keep };

    private static void Step(Subject subject)
    {
        using var scope = NewDisposeScope();
        subject.Model.zero_grad();
        subject.Loss().backward();
    }

    /// <summary>Its output is no plain convolution: another gradient of its own reads the input, too, when others have written theirs.</summary>
    private sealed class SquaringConvolution() : Convolution(
        nameof(SquaringConvolution), 1, 2, [3, 3], [1, 1], [0, 0], null, [1, 1], false, [0, 0], 1, true, PaddingModes.Zeros)
    {
        public override Tensor forward(Tensor input) =>
            nn.functional.conv2d(input, weight!, bias, strides: [1, 1]) * input.square().sum([1, 2, 3], keepdim: true);
    }
}
