namespace AdaQat.Graph;

/// <summary>What an operator reads.</summary>
/// <param name="Names">
/// One for each input, as a graph's text puts it before the value; an empty one where the place says enough. The last is that of all
/// further ones where there can be more.
/// </param>
/// <param name="Fewest">How many there have to be.</param>
/// <param name="Most">How many there can be.</param>
internal sealed record OperatorInputs(EquatableList<string> Names, int Fewest, int Most)
{
    public static OperatorInputs None { get; } = new([], 0, 0);

    public static OperatorInputs One { get; } = new([""], 1, 1);

    public static OperatorInputs Two { get; } = new(["", ""], 2, 2);

    /// <summary>A tensor, a weight, and a bias if there is one.</summary>
    public static OperatorInputs Weighted { get; } = new(["", "w", "b"], 2, 3);

    /// <summary>Numbers of rows, and the table.</summary>
    public static OperatorInputs Table { get; } = new(["", "w"], 2, 2);

    /// <summary>A tensor, and a scale and a shift of its elements if there are.</summary>
    public static OperatorInputs Scaled { get; } = new(["", "gamma", "beta"], 1, 3);

    /// <summary>A tensor, and what batch normalisation knows of it.</summary>
    public static OperatorInputs BatchNorm { get; } = new(["", "gamma", "beta", "mean", "var"], 5, 5);

    /// <summary>One and more, all of them alike.</summary>
    public static OperatorInputs Many { get; } = new([""], 1, int.MaxValue);

    /// <summary>A tensor, and others of which only the shape is read.</summary>
    public static OperatorInputs WithShapes { get; } = new(["", "like"], 1, int.MaxValue);

    public string NameOf(int input) => Names[Math.Min(input, Names.Count - 1)];

    public void Check(int count)
    {
        if (count < Fewest || count > Most)
        {
            var allowed = Fewest == Most ? $"{Fewest}" : Most == int.MaxValue ? $"{Fewest} and more" : $"{Fewest} to {Most}";
            throw new GraphException($"it has {count} inputs; allowed are {allowed}.");
        }
    }
}
