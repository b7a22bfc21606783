using System.Reflection;

namespace AdaQat.Tests.PublicApi;

/// <summary>Types as C# writes them, with what may be null.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
    };

    public static string Of(NullabilityInfo info)
    {
        var type = info.Type;
        if (type.IsByRef)
        {
            return Of(type);
        }

        var mark = info.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        if (type.IsArray && info.ElementType is { } element)
        {
            return $"{Of(element)}[]{mark}";
        }

        return Of(type, info.GenericTypeArguments.Select(Of).ToList()) + mark;
    }

    public static string Of(Type type) => type switch
    {
        { IsByRef: true } => "ref " + Of(type.GetElementType()!),
        { IsArray: true } => Of(type.GetElementType()!) + "[]",
        _ when Nullable.GetUnderlyingType(type) is { } underlying => Of(underlying) + "?",
        _ => Of(type, type.GetGenericArguments().Select(Of).ToList()),
    };

    private static string Of(Type type, List<string> arguments)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        // A nested type has the arguments of those around it too; each level takes its own.
        var outer = type.DeclaringType is { } declaring ? Of(declaring, arguments) + "." : Prefix(type);
        var own = type.GetGenericArguments().Length - (type.DeclaringType?.GetGenericArguments().Length ?? 0);
        var name = type.Name.Split('`')[0];
        return own == 0 ? outer + name : $"{outer}{name}<{string.Join(", ", arguments.TakeLast(own))}>";
    }

    /// <summary>The namespace, but for those whose types nobody takes for others.</summary>
    private static string Prefix(Type type) =>
        type.Namespace is null or "System" or "System.IO" or "System.Collections.Generic" or "TorchSharp" or "TorchSharp.Modules" ? "" : type.Namespace + ".";
}
