namespace AdaQat.Allocation;

/// <summary>Options of the widths decided so far; the others stand at their lowest.</summary>
/// <param name="At">The options.</param>
/// <param name="Cost">Of these options.</param>
/// <param name="Loss">Of the widths decided.</param>
/// <param name="Excess">How far the Lagrangian of the best completion lies above the least of all.</param>
internal sealed record SearchState(int[] At, double Cost, double Loss, double Excess)
{
    /// <summary>This state with one more width decided, its options not yet copied.</summary>
    /// <param name="Parent">The state.</param>
    /// <param name="Option">Of the width decided.</param>
    /// <param name="Cost">As the state's.</param>
    /// <param name="Loss">As the state's.</param>
    /// <param name="Excess">As the state's.</param>
    /// <param name="Ties">The options that undecided widths are tied to, as one number.</param>
    internal readonly record struct Child(SearchState Parent, int Option, double Cost, double Loss, double Excess, long Ties)
    {
        public SearchState Decided(int width)
        {
            var at = (int[])Parent.At.Clone();
            at[width] = Option;
            return new SearchState(at, Cost, Loss, Excess);
        }
    }
}
