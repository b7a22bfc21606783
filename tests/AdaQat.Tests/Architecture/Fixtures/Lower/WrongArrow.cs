using AdaQat.Tests.Architecture.Fixtures.Upper;

namespace AdaQat.Tests.Architecture.Fixtures.Lower;

/// <summary>Closes the circle of the two rooms, from inside a lambda.</summary>
internal static class WrongArrow
{
    public static Func<int> Make() => () => ByCall.Count();
}
