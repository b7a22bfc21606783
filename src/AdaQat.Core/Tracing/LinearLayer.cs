using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace AdaQat.Tracing;

/// <summary>Fully connected layers, applied to the last dimension.</summary>
internal sealed class LinearLayer(string name, Linear module) : QuantizableLayer(name, module)
{
    private readonly Linear _module = module;

    public override ref Parameter Field => ref WeightField(_module);

    /// <summary>Every output element sums in_features products.</summary>
    public override long Macs(long[] inputShape, long[] outputShape, long? batchSize) =>
        PerSample(outputShape, batchSize) * _module.in_features;

    public override long ActivationCount(long[] inputShape, long? batchSize) => PerSample(inputShape, batchSize);

    protected override int SampleDimensions => 1;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
    private static extern ref Parameter WeightField(Linear module);
}
