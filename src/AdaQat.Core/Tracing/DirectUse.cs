namespace AdaQat.Tracing;

/// <summary>How a model computes with a layer past its hooks, where no quantizer reaches it.</summary>
/// <param name="Traced">The layer.</param>
/// <param name="Way">By which way.</param>
/// <param name="IsCalledToo">Whether another place calls it.</param>
/// <param name="Failure">What showed it: the model's own exception when the layer's weight was taken away.</param>
internal sealed record DirectUse(TracedLayer Traced, DirectWay Way, bool IsCalledToo, Exception Failure)
{
    private string Name => Traced.Layer.Name;

    /// <summary>Why the layer stays in float, in a few words.</summary>
    public string Reason => Way switch
    {
        DirectWay.Weight => "its weight is used by the model itself",
        DirectWay.ForwardWithSize => "reached through forward() with an output size",
        _ => "reached through forward()",
    };

    /// <summary>The error for a layer that no rule leaves in float: which case it is, and what to do.</summary>
    public InvalidOperationException Refusal() => new($"{What} {Remedy}, or leave the layer in float: {Rule}.", Failure);

    private string What => Way == DirectWay.Weight
        ? $"The model computes with the weight of layer '{Name}' itself, without calling the layer, so that no quantizer reaches it;"
        : $"Layer '{Name}' {(IsCalledToo ? "is called in one place, and in another reached" : "is reached")} through forward(), which runs "
            + "no hooks;";

    private string Remedy => Way switch
    {
        DirectWay.Weight => "call the layer (call(), not forward())",
        DirectWay.ForwardWithSize => "use call() there, so that it can be quantized, with output_padding in the layer's constructor in "
            + "place of the output size, which call() does not take",
        _ => "use call() there, so that it can be quantized",
    };

    private string Rule => $"LayerRule.Named(\"{Name}\").InFloat()";
}
