using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Strangers;

/// <summary>Models that are in bfloat16 as a whole or in part.</summary>
public sealed class BFloat16Tests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public BFloat16Tests() => manual_seed(1);

    [Fact]
    public void A_whole_model()
    {
        var model = Networks.Linear();
        model.to(ScalarType.BFloat16);
        var (rows, target) = Networks.Rows(12);
        var input = rows.to(ScalarType.BFloat16);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input).to(ScalarType.Float32), target));
    }

    [Fact]
    public void A_model_that_is_converted_after_it_was_attached()
    {
        var model = Networks.Linear();
        var (rows, target) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(model, rows, new QuantizationOptions());
        model.to(ScalarType.BFloat16);
        var input = rows.to(ScalarType.BFloat16);

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input).to(ScalarType.Float32), target));
    }

    [Fact]
    public void Some_layers_of_a_model()
    {
        var (first, middle, last) = (nn.Linear(4, 8), nn.Linear(8, 8), nn.Linear(8, 3));
        middle.to(ScalarType.BFloat16);
        var model = new Lambda(
            x => last.call(middle.call(first.call(x).relu().to(ScalarType.BFloat16)).relu().to(ScalarType.Float32)),
            ("first", first), ("middle", middle), ("last", last));
        var (input, target) = Networks.Rows(12);
        using var quantized = QuantizedModel.Attach(
            model, input, new QuantizationOptions { FirstLayerBits = null, LastLayerBits = null });

        StrangersLoop.Train(quantized, () => nn.functional.cross_entropy(model.call(input), target));
    }

    public void Dispose() => _scope.Dispose();
}
