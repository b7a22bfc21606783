using AdaQat.Attaching;
using AdaQat.Summaries;

namespace AdaQat;

/// <summary>One or more residual sums of a <see cref="QuantizedModel"/> whose operands share one grid.</summary>
public sealed class QuantizedJoin
{
    internal QuantizedJoin(AttachedJoin attached) => Attached = attached;

    /// <summary>The first sum's node in the model's graph.</summary>
    public string Name => Attached.Name;

    /// <summary>What quantizes each operand.</summary>
    public Quantizer Quantizer => Attached.Quantizer;

    /// <summary>The width of the operands' codes.</summary>
    public BitWidth Bits => Quantizer.Width;

    /// <summary>
    /// Where the operands are quantized: "output of M" for a tensor that module M returns, for all who read it; "input of M" for one that
    /// M is given, for all in M.
    /// </summary>
    public IReadOnlyList<string> Operands => Attached.Operands;

    internal AttachedJoin Attached { get; }

    internal JoinSummary Summary() => new(Name, Bits.Bits, Operands, Quantizer.Describe(weight: null));

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: A{Bits.Bits}, {string.Join(" and ", Operands)}";
}
