using System.Reflection;
using AdaQat.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>A model of any number of inputs and outputs, as a function of tensors.</summary>
internal sealed class CapturedModel
{
    private readonly object[] _example;
    private readonly MethodInfo _call;

    private CapturedModel(nn.Module module, object[] example, MethodInfo call)
    {
        (Module, _example, _call) = (module, example, call);
        var inputs = TensorNest.Flatten(example.Length == 1 ? example[0] : example, "input");
        Example = [.. inputs.Select(input => input.Tensor)];
        InputNames = [.. inputs.Select(input => Named("input", input.Path))];
    }

    public nn.Module Module { get; }

    /// <summary>The tensors of the example.</summary>
    public IReadOnlyList<Tensor> Example { get; }

    /// <summary>Their names in a graph: <c>input</c>, or <c>input.0</c>, <c>input.key</c>.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>What its tensors are called in a graph; known after a forward.</summary>
    public IReadOnlyList<string> OutputNames { get; private set; } = [];

    /// <summary>The model with an example: what it takes and returns is known by its type alone.</summary>
    /// <param name="module">The model.</param>
    /// <param name="example">What its forward takes, one for each of its inputs.</param>
    /// <exception cref="ArgumentException">The model takes something else, or the example holds something else than tensors.</exception>
    public static CapturedModel Of(nn.Module module, params object[] example)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type is { IsGenericType: true, Name: var name } && name.StartsWith("Module`", StringComparison.Ordinal)
                && type.GetGenericArguments() is var arguments && arguments.Length == example.Length + 1
                && example.Zip(arguments).All(pair => pair.Second.IsInstanceOfType(pair.First)))
            {
                return new CapturedModel(module, example, type.GetMethod("call", arguments[..^1])!);
            }
        }

        throw new ArgumentException(
            $"{module.GetName()} does not take {string.Join(" and ", example.Select(e => e.GetType().Name))}; allowed is an example of "
            + "what its forward takes.", nameof(example));
    }

    /// <summary>The outputs on other inputs. The inputs may be written to.</summary>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs)
    {
        var left = new Queue<Tensor>(inputs);
        var arguments = _example.Select(nest => TensorNest.Rebuild(nest, left)).ToArray();
        var outputs = TensorNest.Flatten(_call.Invoke(Module, BindingFlags.DoNotWrapExceptions, null, arguments, null), "output");
        OutputNames = [.. outputs.Select(output => Named("output", output.Path))];
        return [.. outputs.Select(output => output.Tensor)];
    }

    /// <summary>Records a forward. The inputs may be written to.</summary>
    public RecordedForward Record(LibtorchSymbols symbols, IReadOnlyList<Tensor> inputs) =>
        ForwardRecorder.Record(Module, symbols, inputs, () => Forward(inputs));

    private static string Named(string what, string path) => path.Length == 0 ? what : $"{what}.{path}";
}
