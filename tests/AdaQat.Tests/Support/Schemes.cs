using AdaQat.Quantizers;

namespace AdaQat.Tests.Support;

/// <summary>Options of quantization that many tests share.</summary>
internal static class Schemes
{
    /// <summary>Every layer with widths of its own, the first and the last too.</summary>
    public static QuantizationOptions PerLayer { get; } = new()
    {
        WeightSharing = WidthSharing.Layer,
        ActivationSharing = WidthSharing.Layer,
        FirstLayerBits = null,
        LastLayerBits = null,
    };
}
