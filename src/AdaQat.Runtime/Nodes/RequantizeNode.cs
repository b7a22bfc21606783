using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Integers become codes, channel by channel (the last axis), exactly: a code is clamp(⌊(x · multiplier + offset) / 2^shift⌋, 0, largest
/// code), or the number of thresholds that x has reached. x is the input's integer: of a code, multiplier · q + offset.
/// </summary>
public sealed class RequantizeNode : IntegerNode
{
    /// <summary>A change to codes.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">A value that holds codes or integers.</param>
    /// <param name="rules">One for all channels, or one for each.</param>
    /// <param name="type">The codes.</param>
    /// <exception cref="IntegerModelException">
    /// The input holds floats, there are too few or too many rules, or a channel's thresholds are not as many as the largest code says.
    /// </exception>
    public RequantizeNode(string name, IntegerNode input, EquatableList<ChannelRule> rules, Codes type)
        : base(name, [Whole(name, input)], input.Shape, type ?? throw new ArgumentNullException(nameof(type)))
    {
        ArgumentNullException.ThrowIfNull(rules);
        var channels = input.Shape.Rank == 0 ? 1 : input.Shape[input.Shape.Rank - 1];
        if (rules.Count != 1 && rules.Count != channels)
        {
            throw Fault($"it has {rules.Count} rules; allowed are 1 and {channels}, one for each channel.");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is Thresholds thresholds && thresholds.Values.Count != type.MaxCode)
            {
                throw Fault($"channel {i} has {thresholds.Values.Count} thresholds; codes up to {type.MaxCode} need {type.MaxCode}.");
            }
        }

        Rules = rules;
    }

    /// <summary>One rule for all channels, or one for each.</summary>
    public EquatableList<ChannelRule> Rules { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var maxCode = ((Codes)Type).MaxCode;
        for (var i = 0; i < output.Stored.Length; i++)
        {
            output.Stored[i] = Rules[i % Rules.Count].CodeOf(inputs[0].Integer(i), maxCode);
        }
    }
}
