namespace AdaQat.Lowering;

/// <summary>A tensor.</summary>
/// <param name="Name">The value's name in the first recording.</param>
/// <param name="IsFloatingPoint">Whether its elements are numbers with a fraction.</param>
/// <param name="Shapes">Its shape in each recording.</param>
internal sealed record TensorArgument(string Name, bool IsFloatingPoint, IReadOnlyList<IReadOnlyList<long>> Shapes) : Argument
{
    /// <summary>Its shape in the first recording.</summary>
    public IReadOnlyList<long> Shape => Shapes[0];

    /// <summary>How many axes it has.</summary>
    public int Rank => Shape.Count;
}
