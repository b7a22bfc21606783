using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>A layer whose weight can be swapped for a quantized one for the time of a call.</summary>
internal abstract class QuantizableLayer(string name, nn.Module<Tensor, Tensor> module)
{
    public string Name => name;

    public nn.Module<Tensor, Tensor> Module => module;

    /// <summary>The registered parameter, which optimizers and checkpoints see; the field may hold a quantized one.</summary>
    public Parameter LatentWeight =>
        module.get_parameter("weight") ?? throw new InvalidOperationException($"Layer '{name}' has no parameter 'weight'.");

    /// <summary>Which weight it is, also where other modules share it.</summary>
    public TensorMemory WeightMemory => TensorMemory.Of(LatentWeight);

    /// <summary>The field that the layer's forward reads.</summary>
    public abstract ref Parameter Field { get; }

    /// <summary>Multiply-accumulate operations of one call, per sample.</summary>
    public abstract long Macs(long[] inputShape, long[] outputShape, long? batchSize);

    /// <summary>Elements of the input of one call, per sample.</summary>
    public abstract long ActivationCount(long[] inputShape, long? batchSize);

    /// <summary>The shape of one sample of an input or output of a call: an unbatched tensor has no batch to leave out.</summary>
    public long[] SampleShape(long[] shape) => shape.Length > SampleDimensions ? shape[1..] : shape;

    /// <summary>The dimensions of an input without a batch.</summary>
    protected abstract int SampleDimensions { get; }

    /// <summary>The layer as quantizable, or null if it is of another kind.</summary>
    public static QuantizableLayer? From(string name, nn.Module module) => module switch
    {
        Convolution convolution => new ConvolutionLayer(name, convolution),
        Linear linear => new LinearLayer(name, linear),
        _ => null,
    };

    /// <summary>
    /// Elements per sample, where an unbatched tensor has <see cref="SampleDimensions"/>, and one of more has the batch first. A multiple
    /// of <paramref name="batchSize"/>, the example's, is a batch times steps or patches, which are of one sample.
    /// </summary>
    protected long PerSample(long[] shape, long? batchSize)
    {
        var elements = shape.Aggregate(1L, (product, size) => product * size);
        return shape.Length <= SampleDimensions ? elements
            : batchSize is { } batch and > 0 && shape[0] % batch == 0 ? elements / batch
            : elements / shape[0];
    }
}
