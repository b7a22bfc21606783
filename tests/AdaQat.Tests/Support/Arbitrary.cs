using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Support;

/// <summary>Random cases for properties of quantizers. The seed is fixed: a property that fails today fails tomorrow.</summary>
internal static class Arbitrary
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithReplay(20240427, 1);

    /// <summary>1 to 40 numbers of magnitude up to 4, zeros, ties and equal ones among them.</summary>
    public static Gen<double[]> Values { get; } = Gen.OneOf(
            Gen.Choose(-4_000_000, 4_000_000).Select(i => i / 1e6),
            Gen.Choose(-16, 16).Select(i => i / 4.0))
        .NonEmptyListOf().Select(list => list.Take(40).ToArray());

    /// <summary>A width and a clipping value.</summary>
    public static Gen<(int Bits, double Alpha, bool IsSigned)> Grids { get; } =
        from bits in Gen.Choose(1, 8)
        from alpha in Gen.Choose(1, 3000)
        from isSigned in Gen.Elements(false, true)
        select (bits, alpha / 1000.0, isSigned);

    /// <summary>Checks that <paramref name="property"/> throws for none of a hundred cases.</summary>
    public static void ForAll<T>(Gen<T> cases, Action<T> property) => Prop.ForAll(cases.ToArbitrary(), property).Check(Settings);
}
