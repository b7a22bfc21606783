namespace AdaQat.Graph;

/// <summary>
/// How a window goes over an image along one axis: step · offset. The place <c>i</c> of the narrow side meets the place
/// <c>i · Step + Offset</c> of the wide side.
/// </summary>
internal readonly record struct WindowSteps(int Step, int Offset)
{
    /// <summary>The places of the narrow side that meet one of the wide side; the end is not among them.</summary>
    public (int First, int End) Within(int narrow, int wide)
    {
        var first = Offset >= 0 ? 0 : (-Offset + Step - 1) / Step;
        var end = wide <= Offset ? 0 : Math.Min(narrow, ((wide - 1 - Offset) / Step) + 1);
        return (Math.Min(first, end), end);
    }

    public int At(int place) => (place * Step) + Offset;
}
