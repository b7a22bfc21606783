using AdaQat.Tracing;
using static TorchSharp.torch;

namespace AdaQat.Tests.Tracing;

public sealed class TensorMemoryTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void A_weight_is_known_by_its_memory_not_by_its_object(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var weight = randn(4, 4).to(type);

        TensorMemory.Of(weight.alias()).Should().Be(TensorMemory.Of(weight));
        TensorMemory.Of(weight.t())
            .Should().NotBe(TensorMemory.Of(weight)).And.Match<TensorMemory>(t => t.Overlaps(TensorMemory.Of(weight)));
        TensorMemory.Of(weight[1]).Should().NotBe(TensorMemory.Of(weight[0]));
        TensorMemory.Of(weight.clone()).Should().Match<TensorMemory>(t => !t.Overlaps(TensorMemory.Of(weight)));
    }
}
