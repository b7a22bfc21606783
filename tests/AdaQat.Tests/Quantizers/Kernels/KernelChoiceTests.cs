using AdaQat.Quantizers;
using AdaQat.Quantizers.DoReFa;
using AdaQat.Quantizers.Pact;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Kernels;

/// <summary>A quantizer computes with what was chosen, and the same either way.</summary>
public sealed class KernelChoiceTests
{
    [Theory]
    [InlineData(KernelChoice.Fused, true)]
    [InlineData(KernelChoice.Operators, false)]
    public void The_kernels_serve_where_they_are_chosen(KernelChoice choice, bool served)
    {
        using var x = rand(8);

        FusedPact.Serves(x, new PactForm(4, IsSigned: false, PactGradient.Calibrated, choice)).Should().Be(served);
        FusedDoReFa.Serves(x, new DoReFaOptions { Kernels = choice }).Should().Be(served);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pact_gives_the_same_output_and_gradients_either_way(bool isSigned)
    {
        using var scope = NewDisposeScope();
        var (fused, operators) = (Pact(KernelChoice.Fused, isSigned), Pact(KernelChoice.Operators, isSigned));

        Near.Numbers(operators.Output).Should().Equal(Near.Numbers(fused.Output));
        Near.Numbers(operators.ForInput).Should().Equal(Near.Numbers(fused.ForInput));
        Near.Numbers(operators.ForParameter!)[0].Should().BeApproximately(Near.Numbers(fused.ForParameter!)[0], 1e-4);
    }

    [Fact]
    public void DoReFa_gives_the_same_output_and_gradients_either_way()
    {
        using var scope = NewDisposeScope();
        var (fused, operators) = (DoReFa(KernelChoice.Fused), DoReFa(KernelChoice.Operators));

        Near.Numbers(operators.Output).Should().Equal(Near.Numbers(fused.Output), (a, b) => Math.Abs(a - b) < 1e-6);
        Near.Numbers(operators.ForInput).Should().Equal(Near.Numbers(fused.ForInput), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(KernelChoice.Fused)]
    [InlineData(KernelChoice.Operators)]
    public void Either_way_nothing_is_left_behind(KernelChoice choice)
    {
        Use();

        LiveTensors.LeftBy(Use).Should().Be(0);

        void Use()
        {
            using var scope = NewDisposeScope();
            Pact(choice, isSigned: false);
            DoReFa(choice);
        }
    }

    private static (Tensor Output, Tensor ForInput, Tensor? ForParameter) Pact(KernelChoice choice, bool isSigned)
    {
        using var quantizer = new PactActivationQuantizer(
            BitWidth.Fixed("a", 4), isSigned, new PactOptions { ClippingValue = 1.1, Kernels = choice });
        return Differentiate(quantizer, quantizer.ClippingValue);
    }

    private static (Tensor Output, Tensor ForInput, Tensor? ForParameter) DoReFa(KernelChoice choice)
    {
        using var quantizer = new DoReFaWeightQuantizer(BitWidth.Fixed("w", 4), new DoReFaOptions { Kernels = choice });
        return Differentiate(quantizer, parameter: null);
    }

    private static (Tensor Output, Tensor ForInput, Tensor? ForParameter) Differentiate(
        nn.Module<Tensor, Tensor> quantizer, Tensor? parameter)
    {
        using var generator = new Generator(3);
        var x = randn(500, generator: generator).requires_grad_();
        var upstream = randn(500, generator: generator);
        var output = quantizer.call(x);
        output.backward([upstream]);
        return (output.detach(), x.grad!, parameter?.grad);
    }
}
