using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// Finds the modules that a delegate can come to: those it has captured, those in fields of objects it has captured, and those in static
/// fields of the classes that its code is in.
/// </summary>
/// <remarks>
/// TorchSharp tells nobody which modules a function calls. What it calls it must have from somewhere, though, and fields are read without
/// running anything. Captured variables and collections are followed wherever they lead, objects of other classes two deep: the loop's own
/// and what it is made of. Farther away are other runs' modules, which other threads may be training.
/// </remarks>
internal sealed class ReachableModules
{
    /// <summary>How many objects lie between the delegate and a module: the loop, and a part of it.</summary>
    private const int MostDeep = 2;

    /// <summary>Enough for all that a training loop captures, few enough to be looked through in a step.</summary>
    private const int MostObjects = 4096;

    private static readonly Assembly TorchSharp = typeof(nn.Module).Assembly;

    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly Dictionary<Type, bool> _leads = [];

    /// <summary>The modules, each once, the nearest first; parts of others among them.</summary>
    public IReadOnlyList<nn.Module> Of(Delegate function)
    {
        var found = new List<nn.Module>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Queue<(object Value, int Depth)>();
        Add(function, depth: 0);
        while (next.TryDequeue(out var here))
        {
            foreach (var value in Contents(here.Value))
            {
                Add(value, here.Depth);
            }
        }

        return found;

        void Add(object? value, int depth)
        {
            if (value is null || !Leads(value.GetType()) || seen.Count >= MostObjects || !seen.Add(value))
            {
                return;
            }

            depth += IsPassedThrough(value) ? 0 : 1;
            if (depth <= MostDeep)
            {
                next.Enqueue((value, depth));
            }

            if (value is nn.Module module)
            {
                found.Add(module);
            }
        }
    }

    /// <summary>
    /// Functions, what they have captured, collections, and this library's trainer: they do not count as objects of their own.
    /// </summary>
    private static bool IsPassedThrough(object value) => value is Delegate or Array || IsForeign(value.GetType())
        || value.GetType().Assembly == typeof(ReachableModules).Assembly
        || value.GetType().IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private IEnumerable<object?> Contents(object value) => value switch
    {
        Delegate function => function.GetInvocationList().SelectMany(one => Statics(one.Method.DeclaringType).Prepend(one.Target)),
        Array array => array.Cast<object?>(),
        _ => FieldsOf(value.GetType()).Select(field => field.GetValue(value)),
    };

    /// <summary>What static fields hold of a class and of those that it is nested in.</summary>
    private IEnumerable<object?> Statics(Type? type)
    {
        for (; type is not null && !IsForeign(type) && !type.ContainsGenericParameters; type = type.DeclaringType)
        {
            var fields = type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            foreach (var field in fields.Where(f => !f.IsLiteral && MayHold(f.FieldType)))
            {
                yield return field.GetValue(null);
            }
        }
    }

    /// <summary>Fields of a class and of its base classes, private ones too. A module's parts are found without TorchSharp's own.</summary>
    private FieldInfo[] FieldsOf(Type type)
    {
        if (!_fields.TryGetValue(type, out var fields))
        {
            var all = new List<FieldInfo>();
            for (var declaring = type; declaring is not null && declaring.Assembly != TorchSharp; declaring = declaring.BaseType)
            {
                all.AddRange(declaring.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
            }

            _fields.Add(type, fields = [.. all.Where(f => MayHold(f.FieldType))]);
        }

        return fields;
    }

    /// <summary>Whether something of this type can be, or hold, a module: tensors, numbers and most of the framework cannot.</summary>
    private bool Leads(Type type)
    {
        if (!_leads.TryGetValue(type, out var leads))
        {
            _leads.Add(type, false);
            _leads[type] = leads = MayLead(type);
        }

        return leads;
    }

    /// <summary>Whether a field of this type may hold something that leads: where a class can be derived from, the value tells.</summary>
    private bool MayHold(Type type) => Leads(type) || !(type.IsSealed || type.IsPointer || typeof(Tensor).IsAssignableFrom(type));

    private bool MayLead(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsByRefLike || typeof(Tensor).IsAssignableFrom(type))
        {
            return false;
        }

        if (type.IsArray)
        {
            return Leads(type.GetElementType()!);
        }

        return typeof(nn.Module).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type) || type == typeof(object)
            || type.IsInterface || (IsForeign(type) ? type.GetGenericArguments().Any(Leads) : true);
    }

    private static bool IsForeign(Type type) => type.Namespace is { } name
        && (name == nameof(System) || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal) || type.Assembly == TorchSharp);
}
