namespace AdaQat.Widths;

/// <summary>A width as its optimizer sees it: its rule for freezing, its share of the update, and what happened to it.</summary>
internal sealed class WidthState(BitWidth width, FreezeRule rule, double scale, bool isOfWeights)
{
    public BitWidth Width => width;

    public FreezeRule Rule => rule;

    /// <summary>K/k for a width that serves k of the K learned layers: with it, layers' own widths fall as fast as one for the network would.</summary>
    public double Scale => scale;

    /// <summary>Whether it is a width of weights; else it is one of activations.</summary>
    public bool IsOfWeights => isOfWeights;

    public long? FrozenAtStep { get; set; }

    public FreezeReason? Reason { get; set; }

    public long LastMovedAtStep { get; set; }
}
