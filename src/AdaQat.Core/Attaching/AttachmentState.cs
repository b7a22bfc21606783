using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>What the parts of one attached model have in common.</summary>
internal sealed class AttachmentState(nn.Module model)
{
    private int _floatRequests;

    /// <summary>Guards the backward passes of its quantizers.</summary>
    public BackwardGuard Guard { get; } = new();

    /// <summary>The generators that its forwards draw from.</summary>
    public ModelRandom Random { get; set; } = ModelRandom.Of(model);

    /// <summary>How many have asked for float and not ended it: above 0, layers compute as if the model were not attached.</summary>
    public int FloatRequests => Volatile.Read(ref _floatRequests);

    /// <summary>Sees now and then whether ranges still fit their inputs.</summary>
    public RangeWatch Ranges { get; } = new();

    /// <summary>Which threads use it.</summary>
    public ThreadUse Threads { get; } = new();

    /// <summary>Held while quantizers follow their layers to another device or type.</summary>
    public Lock Moving { get; } = new();

    /// <summary>Whether quantizers stay in the type that they have, and forwards are nobody's: while its graph is captured.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether its layers compute in float, as if there were no hooks.</summary>
    public bool HooksRest { get; set; }

    /// <summary>Sees its forwards; null before there is an optimizer of its widths.</summary>
    public IForwardObserver? Observer { get; set; }

    /// <summary>One more asks for float, or one less.</summary>
    public void RequestFloat(int change)
    {
        Interlocked.Add(ref _floatRequests, change);
        Threads.Switch();
    }
}
