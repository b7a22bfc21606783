using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace AdaQat.Search.Networks;

/// <summary>The fields that a layer's forward reads.</summary>
internal abstract class LayerFields
{
    public abstract ref Parameter Weight { get; }

    public abstract ref Parameter Bias { get; }

    /// <summary>How many channels it takes, and in how many groups; nothing where the layer has no such numbers.</summary>
    public abstract (long Input, long Groups) Channels { get; set; }

    /// <summary>Those of a convolution or linear layer.</summary>
    public static LayerFields Of(TorchSharp.torch.nn.Module layer) =>
        layer is Convolution convolution ? new OfConvolution(convolution) : new OfLinear((Linear)layer);

    private sealed class OfConvolution(Convolution layer) : LayerFields
    {
        private readonly Convolution _layer = layer;

        public override ref Parameter Weight => ref WeightField(_layer);

        public override ref Parameter Bias => ref BiasField(_layer);

        public override (long Input, long Groups) Channels
        {
            get => (InputField(_layer), _layer.groups);
            set => (InputField(_layer), _layer.groups) = value;
        }

        // What its forward holds against the input.
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<in_channels>k__BackingField")]
        private static extern ref long InputField(Convolution layer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
        private static extern ref Parameter WeightField(Convolution layer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bias")]
        private static extern ref Parameter BiasField(Convolution layer);
    }

    private sealed class OfLinear(Linear layer) : LayerFields
    {
        private readonly Linear _layer = layer;

        public override ref Parameter Weight => ref WeightField(_layer);

        public override ref Parameter Bias => ref BiasField(_layer);

        // It holds nothing against its input but the weight.
        public override (long Input, long Groups) Channels { get => default; set { } }

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_weight")]
        private static extern ref Parameter WeightField(Linear layer);

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bias")]
        private static extern ref Parameter BiasField(Linear layer);
    }
}
