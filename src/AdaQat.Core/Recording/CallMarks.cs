using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>
/// Notes in a recording where calls of modules begin and end, so that each operation is known to be a module's: hooks add numbers to a
/// tensor of their own, which shows in the text in its place. Of modules that return a tensor, which it was.
/// </summary>
internal sealed class CallMarks : IDisposable
{
    private const string MarkName = "mark";

    private readonly List<Action> _removeHooks = [];
    private readonly List<string> _modules = [];
    private readonly List<ModuleOutput> _outputs = [];
    private readonly List<ModuleInput> _inputs = [];
    private readonly Tensor _mark = zeros([], dtype: ScalarType.Int64);

    /// <summary>Sets the hooks, behind those that are there.</summary>
    public CallMarks(nn.Module model, LibtorchTracer tracer)
    {
        tracer.NameOf(_mark, MarkName);
        foreach (var (name, module) in Modules(model))
        {
            var number = _modules.Count;
            _modules.Add(name);
            _removeHooks.Add(ModuleHooks.On(module, () => Note(number + 1), () => Note(-number - 1)));
            _removeHooks.Add(ModuleHooks.OnInput(
                module, input => _inputs.Add(new ModuleInput(name, tracer.NameOf(input, $"n{_inputs.Count}")))));
            _removeHooks.Add(ModuleHooks.OnOutput(
                module, output => _outputs.Add(new ModuleOutput(name, tracer.NameOf(output, $"m{_outputs.Count}")))));
        }
    }

    /// <summary>What modules returned, in the order in which their calls ended.</summary>
    public IReadOnlyList<ModuleOutput> Outputs => _outputs;

    /// <summary>What modules of one tensor were given, in the order in which their calls began.</summary>
    public IReadOnlyList<ModuleInput> Inputs => _inputs;

    /// <summary>The model and all below it, each once, under the first of its names; the model's is empty.</summary>
    public static IEnumerable<(string Name, nn.Module Module)> Modules(nn.Module model)
    {
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        return model.named_modules().Prepend((name: "", module: model)).Where(m => seen.Add(m.module));
    }

    /// <summary>The operations without the marks, each with the name of the innermost module that was being called.</summary>
    public IReadOnlyList<RecordedOperation> Read(TorchProgram program)
    {
        var numbers = program.Operations.Where(o => o.Kind == TorchOperation.Constant && o.Outputs[0].Type.Name == "int")
            .ToDictionary(o => o.Outputs[0].Name, TorchConstants.Integer);
        var open = new Stack<string>();
        var operations = new List<RecordedOperation>();
        foreach (var operation in program.Operations)
        {
            if (operation.Inputs.Count == 0 || operation.Inputs[0] != MarkName)
            {
                operations.Add(new RecordedOperation(operation, open.TryPeek(out var module) ? module : ""));
            }
            else if (numbers[operation.Inputs[1]] is > 0 and var number)
            {
                open.Push(_modules[(int)number - 1]);
            }
            else
            {
                open.Pop();
            }
        }

        return operations;
    }

    public void Dispose()
    {
        _removeHooks.ForEach(remove => remove());
        _mark.Dispose();
    }

    private void Note(long number)
    {
        using var noted = _mark.Add(number);
    }
}
