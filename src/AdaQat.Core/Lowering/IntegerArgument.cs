namespace AdaQat.Lowering;

/// <summary>An integer, which may be a size: then it differs between recordings on examples of other sizes.</summary>
/// <param name="Values">The integer in each recording.</param>
internal sealed record IntegerArgument(IReadOnlyList<long> Values) : Argument;
