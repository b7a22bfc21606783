using AdaQat.Quantizers;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace AdaQat.Tests.Quantization;

/// <summary>
/// The gradient of a gradient, as a gradient penalty needs it, through attached layers: that of the plain formulas with straight-through
/// rounding.
/// </summary>
public sealed class SecondDerivativeTests : IDisposable
{
    private const double Alpha = 1.5;
    private const int Bits = 4;

    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(KernelChoice.Fused)]
    [InlineData(KernelChoice.Operators)]
    public void Of_a_penalty_on_the_gradient_of_two_layers(KernelChoice kernels)
    {
        manual_seed(1);
        var (first, second) = (nn.Linear(6, 8, hasBias: false), nn.Linear(8, 1, hasBias: false));
        var model = new Lambda(x => second.call(first.call(x).tanh()), ("first", first), ("second", second));
        var input = randn(5, 6, dtype: ScalarType.Float32);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(Bits),
            ActivationBits = BitWidthChoice.Fixed(Bits),
            FirstLayerBits = null,
            LastLayerBits = null,
            Weights = new DoReFaOptions { Kernels = kernels },
            Activations = new PactOptions { ClippingValue = Alpha, IsSigned = true, Kernels = kernels },
        });

        Penalty(model.call, input).backward();

        var (plainFirst, plainSecond) = (Leaf(first.weight), Leaf(second.weight));
        Penalty(
            x => nn.functional.linear(
                Activation(nn.functional.linear(Activation(x), Weight(plainFirst)).tanh()), Weight(plainSecond)),
            input).backward();
        first.weight.grad!.allclose(plainFirst.grad!, 1e-4, 1e-6).Should().BeTrue();
        second.weight.grad!.allclose(plainSecond.grad!, 1e-4, 1e-6).Should().BeTrue();
        Near.Numbers(first.weight.grad!).Should().Contain(g => g != 0);
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Leaf(Tensor weight) => weight.detach().clone().requires_grad_();

    private static Tensor Penalty(Func<Tensor, Tensor> model, Tensor input)
    {
        var x = input.detach().requires_grad_();
        var gradient = grad([model(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        return (gradient.square().sum(1).sqrt() - 1).square().mean();
    }

    /// <summary>PACT: autograd's of clip, with round's gradient 1.</summary>
    private static Tensor Activation(Tensor input)
    {
        var clipped = input.clamp(-Alpha, Alpha);
        return clipped + (Formula.Activation(input, Alpha, Bits, isSigned: true) - clipped).detach();
    }

    /// <summary>DoReFa: autograd's of the formula, with round's gradient 1 and none through c.</summary>
    private static Tensor Weight(Tensor weight)
    {
        var t = weight.tanh();
        var unit = t / t.abs().max();
        var quantized = Formula.Weight(weight, Bits);
        var c = weight.detach().abs().mean() / unit.detach().abs().mean();
        var straight = c * unit;
        return straight + (quantized - straight).detach();
    }
}
