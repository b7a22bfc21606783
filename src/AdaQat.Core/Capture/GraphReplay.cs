using AdaQat.Graph;
using AdaQat.Lowering;
using AdaQat.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>
/// Runs a graph and the model that it was captured from on the same inputs, and refuses a graph that computes something else.
/// </summary>
internal sealed class GraphReplay
{
    private const int Attempts = 3;

    private readonly double _tolerance;

    private GraphReplay(double tolerance) => _tolerance = tolerance;

    /// <summary>For a model that computes in 64-bit arithmetic.</summary>
    public static GraphReplay InDouble { get; } = new(1e-9);

    /// <summary>For a model that computes in 32-bit arithmetic: its rounding is allowed.</summary>
    public static GraphReplay InSingle { get; } = new(1e-4);

    /// <summary>That both compute the same, relative to the largest number.</summary>
    /// <exception cref="CaptureException">They don't; the message names the first module whose output differs.</exception>
    public void Require(
        EmittedGraph graph, CapturedModel model, IReadOnlyList<Tensor> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward)
    {
        using var scope = NewDisposeScope();
        var numbers = Numbers(inputs);
        if (Agree(graph, numbers, forward(Copies(inputs))))
        {
            return;
        }

        throw Difference(graph, Run(graph, numbers), SeenOutputs(model, () => forward(Copies(inputs))), numbers[0].Shape);
    }

    /// <summary>
    /// The same with quantizers. A number that lies halfway between two of a grid may become either, where sums are made in another order:
    /// other inputs are tried then, since a wrong graph is wrong on all.
    /// </summary>
    public void RequireQuantized(
        EmittedGraph graph, CapturedModel model, Func<IReadOnlyList<Tensor>> inputs,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> forward)
    {
        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            using var scope = NewDisposeScope();
            var given = inputs();
            if (Agree(graph, Numbers(given), forward(Copies(given))))
            {
                return;
            }
        }

        Require(graph, model, inputs(), forward);
    }

    private static List<GraphTensor> Numbers(IReadOnlyList<Tensor> inputs) =>
        [.. inputs.Select(input => TensorNumbers.Of(input).To(ElementType.Float64))];

    private static List<Tensor> Copies(IReadOnlyList<Tensor> inputs) => [.. inputs.Select(input => input.clone())];

    private static GraphRun Run(EmittedGraph graph, IReadOnlyList<GraphTensor> numbers)
    {
        try
        {
            return new GraphInterpreter(graph.Graph).RunAll(numbers);
        }
        catch (GraphException fault)
        {
            throw new CaptureException(
                $"The captured graph does not take an input of shape {numbers[0].Shape}, which the model takes. {fault.Message}", fault);
        }
    }

    private bool Agree(EmittedGraph graph, IReadOnlyList<GraphTensor> numbers, IReadOnlyList<Tensor> expected)
    {
        var run = Run(graph, numbers);
        return run.Outputs.Count == expected.Count
            && run.Outputs.Zip(expected).All(pair => IsSame(pair.First, TensorNumbers.Of(pair.Second)));
    }

    private bool IsSame(GraphTensor made, GraphTensor expected)
    {
        if (made.Shape != expected.Shape)
        {
            return false;
        }

        var (left, right) = (made.ToFloat64(), expected.ToFloat64());
        var allowed = _tolerance * right.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        return left.Zip(right).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= allowed);
    }

    /// <summary>The first module whose output differs.</summary>
    private CaptureException Difference(EmittedGraph graph, GraphRun run, IReadOnlyList<GraphTensor> seen, Shape shape)
    {
        foreach (var ((module, value), expected) in graph.ModuleOutputs.Zip(seen))
        {
            if (value is not null && !IsSame(run[value], expected))
            {
                return new CaptureException(
                    module, $"the captured graph computes something else, first at its node '{graph.Graph.Producer(value).Name}', on an "
                    + $"input of shape {shape}. Something is computed there that libtorch's tracer does not see.");
            }
        }

        return new CaptureException(
            "The captured graph computes something else than the model, in what the model computes between its modules.");
    }

    /// <summary>What modules return, in the order in which their calls end, as a recording has them.</summary>
    private static List<GraphTensor> SeenOutputs(CapturedModel model, Action forward)
    {
        var seen = new List<GraphTensor>();
        var hooks = CallMarks.Modules(model.Module)
            .Select(m => ModuleHooks.OnOutput(m.Module, output => seen.Add(TensorNumbers.Of(output)))).ToList();
        try
        {
            forward();
        }
        finally
        {
            hooks.ForEach(remove => remove());
        }

        return seen;
    }
}
