using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>Floats become codes: the code of x is how many thresholds T have x ≥ T. NaN has the code 0.</summary>
/// <remarks>
/// Thresholds are exact for every quantizer whose codes never fall: T[j] is the smallest 32-bit number that the quantizer gives the code
/// j + 1, whatever arithmetic it uses.
/// </remarks>
public sealed class QuantizeNode : IntegerNode
{
    private readonly float[] _thresholds;

    /// <summary>A quantizer of floats.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">A value that holds floats.</param>
    /// <param name="type">The codes.</param>
    /// <param name="thresholds">
    /// As many as the largest code says, none below the one before it, none NaN; +∞ where a code never occurs but for infinity itself.
    /// </param>
    /// <exception cref="IntegerModelException">The input holds no floats, or the thresholds are not as said.</exception>
    public QuantizeNode(string name, IntegerNode input, Codes type, ReadOnlySpan<float> thresholds)
        : base(name, [input ?? throw new ArgumentNullException(nameof(input))], input.Shape,
            type ?? throw new ArgumentNullException(nameof(type)))
    {
        if (input.Type is not Floats)
        {
            throw Fault($"its input '{input.Name}' holds {input.Type}; allowed are floats.");
        }

        if (thresholds.Length != type.MaxCode)
        {
            throw Fault($"it has {thresholds.Length} thresholds; codes up to {type.MaxCode} need {type.MaxCode}.");
        }

        for (var i = 0; i < thresholds.Length; i++)
        {
            if (float.IsNaN(thresholds[i]) || (i > 0 && thresholds[i] < thresholds[i - 1]))
            {
                throw Fault($"its threshold {i} is {thresholds[i]}; allowed are numbers that never fall.");
            }
        }

        _thresholds = thresholds.ToArray();
    }

    /// <summary>The thresholds, in rising order.</summary>
    public ReadOnlySpan<float> Thresholds => _thresholds;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var x = inputs[0].Floats;
        var y = output.Stored;
        for (var i = 0; i < y.Length; i++)
        {
            foreach (var threshold in _thresholds)
            {
                y[i] += x[i] >= threshold ? 1 : 0;
            }
        }
    }
}
