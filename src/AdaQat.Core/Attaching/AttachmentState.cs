using AdaQat.Diagnostics;
using AdaQat.Quantization;

namespace AdaQat.Attaching;

/// <summary>What the parts of one attached model have in common.</summary>
internal sealed class AttachmentState
{
    /// <summary>Guards the backward passes of its quantizers.</summary>
    public BackwardGuard Guard { get; } = new();

    /// <summary>Sees now and then whether ranges still fit their inputs.</summary>
    public RangeWatch Ranges { get; } = new();

    /// <summary>Sees its forwards; null before there is an optimizer of its widths.</summary>
    public IForwardObserver? Observer { get; set; }
}
