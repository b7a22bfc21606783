using AdaQat.Recording;
using AdaQat.Tracing;
using static TorchSharp.torch;

namespace AdaQat.Tests.Recording;

public sealed class DoublePrecisionTests
{
    [Fact]
    public void A_model_computes_in_64_bits_meanwhile_and_is_the_same_to_the_bit_and_in_the_same_memory_afterwards()
    {
        using var scope = NewDisposeScope();
        using var model = Networks.Convolutional();
        model.eval();
        var (state, memory) = (Bits.OfState(model), model.parameters().Select(TensorMemory.Of).ToList());
        var input = Networks.Images(2).Input;
        using var expected = model.call(input);

        using (var noGradient = no_grad())
        using (new DoublePrecision(model, LibtorchSymbols.Load()))
        {
            using var output = model.call(input.to(ScalarType.Float64));
            output.dtype.Should().Be(ScalarType.Float64);
            output.to(ScalarType.Float32).allclose(expected, 1e-4, 1e-5).Should().BeTrue();
        }

        Bits.OfState(model).ShouldEqual(state);
        model.parameters().Select(TensorMemory.Of).Should().Equal(memory);
        model.parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float32 && p.requires_grad);
    }
}
