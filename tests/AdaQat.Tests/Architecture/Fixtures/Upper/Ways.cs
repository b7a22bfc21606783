using System.ComponentModel;
using AdaQat.Tests.Architecture.Fixtures.Lower;

namespace AdaQat.Tests.Architecture.Fixtures.Upper;

// Each of these needs the lower room in one way only, which its name says.
internal abstract class ByBase : Target;

internal interface IByInterface : ITarget;

internal interface IByGenericArgument : IEquatable<ITarget[]>;

internal interface IByConstraint<T>
    where T : ITarget;

internal interface IByParameter
{
    void Take(ref ITarget target);
}

internal interface IByReturn
{
    ITarget Give();
}

[Mark]
internal interface IByAttribute;

[TypeConverter(typeof(Target))]
internal interface IByTypeInAttribute;

internal interface IByNested
{
    internal interface INested : ITarget;
}

internal static class ByField
{
    public const Kind Field = Kind.One;
}

internal static class ByCall
{
    public static int Count() => Target.Count;
}

internal static class ByNew
{
    public static object Make() => new Target();
}

internal static class ByTypeOf
{
    public static object Make() => typeof(ITarget);
}

internal static class ByGenericCall
{
    public static object Make() => Array.Empty<ITarget>();
}

internal static class ByCatch
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (FaultException)
        {
        }
    }
}

internal static class ByLocal
{
    public static string Read<T>(T given)
    {
        Kind kind;
        return Enum.TryParse($"{given}", out kind) ? $"{kind}" : "";
    }
}

internal static class ByLambda
{
    public static Func<object> Make() => () => new Target();
}

internal static class ByIterator
{
    public static IEnumerable<object> Make()
    {
        yield return new Target();
    }
}
