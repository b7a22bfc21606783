namespace AdaQat.Quantizers.Levels;

/// <summary>Checks of what a family is asked for.</summary>
internal static class Requests
{
    /// <summary>Refuses an input.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The type of the options, for the error.</param>
    /// <exception cref="ArgumentException">The request is for an input; the message names the layer.</exception>
    public static void RequireWeight(QuantizerRequest request, string options)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Target != QuantizerTarget.Weight)
        {
            throw new ArgumentException(
                $"{options} is for weights, and was chosen for the input of layer '{request.Layer.Name}'; {nameof(PactOptions)} is for "
                + "inputs.");
        }
    }

    /// <summary>Refuses widths that the family does not have, before a quantizer is made.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The type of the options, for the error.</param>
    /// <param name="least">The family's smallest width, in bits.</param>
    /// <param name="most">The largest.</param>
    /// <exception cref="ArgumentException">The width allows another; the message names the layer and says what to write.</exception>
    public static void RequireWidth(QuantizerRequest request, string options, int least, int most)
    {
        if (Allows(request.Width, least, most))
        {
            return;
        }

        var (target, rule) = request.Target == QuantizerTarget.Weight
            ? ("weight", $"With(weights: new {nameof(DoReFaOptions)}())")
            : ("input", $"With(activations: new {nameof(PactOptions)}())");
        var choice = least == most ? $"BitWidthChoice.Fixed({least})" : $"BitWidthChoice.Learned(minimum: {least}, maximum: {most})";
        var end = request.Layer.IsFirst || request.Layer.IsLast
            ? $" The first and the last layer have what FirstLayerBits and LastLayerBits say; another family serves them by a rule such as "
                + $"LayerRule.First.Fixed(8).{rule}."
            : "";
        throw new ArgumentException(
            $"{options} has {Range(least, most)}, and the {target} of layer '{request.Layer.Name}' was given {Text(request.Width)}: choose "
            + $"{choice} for it.{end}");
    }

    /// <summary>Refuses widths that the family does not have.</summary>
    /// <param name="width">The width.</param>
    /// <param name="quantizer">The type of the quantizer, for the error.</param>
    /// <param name="least">The family's smallest width, in bits.</param>
    /// <param name="most">The largest.</param>
    /// <exception cref="ArgumentException">The width allows another.</exception>
    public static void RequireWidth(BitWidth width, string quantizer, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(width);
        if (!Allows(width, least, most))
        {
            throw new ArgumentException($"{quantizer} has {Range(least, most)}, and '{width.Name}' allows {Text(width)}.", nameof(width));
        }
    }

    private static bool Allows(BitWidth width, int least, int most) => width.Minimum >= least && width.Maximum <= most;

    private static string Range(int least, int most) => least == most ? Bits(least) : $"{least} to {most} bits";

    private static string Text(BitWidth width) =>
        width.IsLearned ? $"{string.Join(", ", width.Allowed)} bits to learn from" : Bits(width.Minimum);

    private static string Bits(int bits) => bits == 1 ? "1 bit" : $"{bits} bits";
}
