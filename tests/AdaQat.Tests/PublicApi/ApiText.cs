using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace AdaQat.Tests.PublicApi;

/// <summary>All that an assembly offers its users, one line a member, in an order that only the names decide.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetTypes().Where(IsVisible).OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static bool IsVisible(Type type) => type.IsVisible || (type.IsNestedFamily && IsVisible(type.DeclaringType!));

    private static string Head(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            _ => (type.IsAbstract, type.IsSealed) switch
            {
                (true, true) => "static ",
                (true, false) => "abstract ",
                (false, true) => "sealed ",
                _ => "",
            } + (isRecord ? "record" : "class"),
        };
        var bases = new List<Type>(type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? [b] : []);
        bases.AddRange(type.GetInterfaces()
            .Where(i => i.IsVisible && !type.IsEnum && !(type.BaseType?.GetInterfaces().Contains(i) ?? false)).OrderBy(i => i.FullName, StringComparer.Ordinal));
        var inherits = bases.Count == 0 ? "" : " : " + string.Join(", ", bases.Select(TypeNames.Of));
        return $"{kind} {TypeNames.Of(type)}{inherits}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetEnumNames().Select(name =>
                $"{name} = {Convert.ToInt64(type.GetField(name)!.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        return
        [
            .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field),
            .. type.GetConstructors(Declared).Where(IsVisible).Where(c => !c.IsStatic).Select(c => $"{Access(c)}{type.Name.Split('`')[0]}({Parameters(c)})"),
            .. type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Where(IsWritten).Select(Property),
            .. type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!))
                .Select(e => $"{Access(e.AddMethod!)}event {TypeNames.Of(Nullability.Create(e))} {e.Name}"),
            .. type.GetMethods(Declared).Where(IsVisible).Where(m => !m.IsSpecialName || IsOperator(m)).Where(IsWritten).Select(Method),
        ];
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOperator(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>Written by a person, not by the compiler for a record.</summary>
    private static bool IsWritten(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal) && (member is PropertyInfo { Name: not "EqualityContract" } || !IsGenerated(member));

    private static bool IsGenerated(MemberInfo member) =>
        member is not MethodInfo { Name: "Deconstruct" } && member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Field(FieldInfo field)
    {
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? $" = {Value(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"{(field.IsPublic ? "" : "protected ")}{kind}{TypeNames.Of(Nullability.Create(field))} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = new StringBuilder();
        var widest = property.GetAccessors(nonPublic: true).First(IsVisible);
        foreach (var accessor in new[] { property.GetMethod, property.SetMethod })
        {
            if (accessor is not null && IsVisible(accessor))
            {
                var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
                var verb = accessor == property.GetMethod ? "get" : isInit ? "init" : "set";
                accessors.Append(accessor.IsPublic || !widest.IsPublic ? "" : "protected ").Append(verb).Append("; ");
            }
        }

        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        return $"{Access(widest)}{TypeNames.Of(Nullability.Create(property))} {name} {{ {accessors}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var extends = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        return $"{Access(method)}{TypeNames.Of(Nullability.Create(method.ReturnParameter))} {method.Name}{generic}({extends}{Parameters(method)})";
    }

    private static string Access(MethodBase method)
    {
        var access = method.IsPublic ? "" : "protected ";
        if (method.IsStatic)
        {
            return access + "static ";
        }

        if (method.DeclaringType!.IsInterface)
        {
            return access;
        }

        // One that returns a narrower type than its base has a slot of its own, and says so by an attribute.
        var isOverride = (method is MethodInfo m && m.GetBaseDefinition().DeclaringType != m.DeclaringType)
            || method.IsDefined(typeof(PreserveBaseOverridesAttribute), inherit: false);
        return access + (method.IsAbstract ? "abstract " : isOverride ? (method.IsFinal ? "sealed override " : "override ")
            : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        var type = TypeNames.Of(Nullability.Create(parameter));
        type = parameter.IsOut && type.StartsWith("ref ", StringComparison.Ordinal) ? type[4..] : type;
        var value = parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue, parameter.ParameterType)}" : "";
        return $"{passing}{type} {parameter.Name}{value}";
    }

    private static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        _ when type.IsEnum => $"{type.Name}.{Enum.ToObject(type, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
