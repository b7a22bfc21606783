using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>What the parts of one attached model have in common.</summary>
internal sealed class AttachmentState(nn.Module model)
{
    /// <summary>Guards the backward passes of its quantizers.</summary>
    public BackwardGuard Guard { get; } = new();

    /// <summary>The generators that its forwards draw from.</summary>
    public ModelRandom Random { get; set; } = ModelRandom.Of(model);

    /// <summary>How many have asked for float and not ended it: above 0, layers compute as if the model were not attached.</summary>
    public int FloatRequests { get; set; }

    /// <summary>Sees now and then whether ranges still fit their inputs.</summary>
    public RangeWatch Ranges { get; } = new();

    /// <summary>Sees its forwards; null before there is an optimizer of its widths.</summary>
    public IForwardObserver? Observer { get; set; }
}
