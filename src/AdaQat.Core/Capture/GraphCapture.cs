using System.Runtime.InteropServices;
using AdaQat.Graph;
using AdaQat.Isolation;
using AdaQat.Lowering;
using AdaQat.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>
/// How a model becomes a graph: libtorch records forwards on the example, on other values and on other sizes; recordings that differ in
/// more than sizes are refused; the operations become a graph's; and the graph, run by the interpreter, must compute what the model does.
/// </summary>
internal sealed class GraphCapture
{
    private readonly CapturedModel _model;
    private readonly LibtorchSymbols _symbols;
    private readonly Dictionary<string, nn.Module> _modules;
    private readonly IReadOnlySet<string> _containers;
    private bool _takesOtherSizes;

    private GraphCapture(CapturedModel model, LibtorchSymbols symbols)
    {
        (_model, _symbols) = (model, symbols);
        _modules = CallMarks.Modules(model.Module).ToDictionary(m => m.Name, m => m.Module);
        _containers = ModuleNames.Containers(model.Module);
    }

    /// <summary>The graph, as it is after replay has proved it.</summary>
    /// <param name="model">The model with its example.</param>
    /// <param name="layers">Its quantized layers; null for a model in float.</param>
    /// <exception cref="CaptureException">The model computes something that a graph can't say, or says not surely.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch's tracer is not reached here.</exception>
    public static ModelGraph Run(CapturedModel model, IQuantizedLayers? layers)
    {
        var symbols = LibtorchSymbols.Load();
        TracerCheck.Run(symbols);
        using var lasting = inference_mode(false);
        using var mode = new EvaluationMode(model.Module);
        using var isolation = new ForwardIsolation([model.Module], ModelRandom.Of(model.Module), sparesUnchanged: true);
        using var rest = layers?.Rest();
        return new GraphCapture(model, symbols).Run(layers);
    }

    private ModelGraph Run(IQuantizedLayers? layers)
    {
        var seen = RecordingSeries.Of([Record(_model.Example)]);
        // Refuses what no graph can say before anything else is tried.
        Lower(seen);
        _takesOtherSizes = ProductSafety.AllowsOtherSizes(seen, IsOfTorchSharp);
        var lowered = (ProductSafety.AllowsDouble(seen) ? ProveInDouble(layers) : null)
            ?? Prove(_model.Example, GraphReplay.InSingle, layers);
        return Emit(lowered, layers?.Read(Forwards(_model.Example))).Graph;
    }

    /// <summary>
    /// Proves it in 64-bit arithmetic, where right and wrong are ten digits apart; null where the model does not run in it.
    /// </summary>
    private LoweredModel? ProveInDouble(IQuantizedLayers? layers)
    {
        using var precision = new DoublePrecision(_model.Module, _symbols);
        var example = _model.Example.Select(input => input.is_floating_point() ? input.to(ScalarType.Float64) : input).ToList();
        return Runs(example) ? Prove(example, GraphReplay.InDouble, layers) : null;
    }

    private LoweredModel Prove(IReadOnlyList<Tensor> example, GraphReplay replay, IQuantizedLayers? layers)
    {
        var first = Record(example);
        foreach (var values in ExampleVariants.OfOtherValues(example))
        {
            RefuseOfOtherValues(first, values);
        }

        var (lowered, sizes) = LowerForSizes(first, SizeVariants(example, first));
        var graph = Emit(lowered);
        var examples = sizes.Count > 0 ? sizes : [example];
        foreach (var inputs in examples)
        {
            replay.Require(graph, _model, ExampleVariants.Fresh(inputs), _model.Forward);
        }

        if (layers is not null)
        {
            var quantized = Emit(lowered, layers.Read(Forwards(example)));
            replay.RequireQuantized(
                quantized, _model, () => ExampleVariants.Fresh(examples[0]), inputs => layers.Quantized(() => _model.Forward(inputs)));
        }

        return lowered;
    }

    /// <summary>What a model computes must not follow from the values that it is given.</summary>
    private void RefuseOfOtherValues(RecordedForward first, IReadOnlyList<Tensor> values)
    {
        if (TryRecord(values) is not { } recording)
        {
            // A model may refuse values that are none of its data's.
            return;
        }

        try
        {
            if (RecordingSeries.Of([first, recording]).FirstOfOtherNumbers() is { } call)
            {
                throw new CaptureException(call.Module, $"{call.Kind} was given another number with other values in the input. {Advice}");
            }
        }
        catch (RecordingDifferenceException difference)
        {
            throw new CaptureException(difference.Module, $"{difference.Message}, of the same shape. {Advice}");
        }
    }

    private const string Advice =
        "A graph is what a model computes whatever the values are: no branch, loop or number may follow from them, nor from chance.";

    private List<(IReadOnlyList<Tensor> Inputs, RecordedForward Recording)> SizeVariants(
        IReadOnlyList<Tensor> example, RecordedForward first)
    {
        var variants = new List<(IReadOnlyList<Tensor>, RecordedForward)>();
        var batch = Take(ExampleVariants.OfOtherBatch(example));
        Take(ExampleVariants.OfOtherImages(batch ?? example));
        Take(ExampleVariants.OfOtherLength(batch ?? example));
        return variants;

        // A size that the model does not take, or for which it computes something else, is fixed.
        IReadOnlyList<Tensor>? Take(IReadOnlyList<Tensor>? inputs)
        {
            if (inputs is null || !_takesOtherSizes || TryRecord(inputs) is not { } recording)
            {
                return null;
            }

            try
            {
                _ = RecordingSeries.Of([first, recording]);
            }
            catch (RecordingDifferenceException)
            {
                return null;
            }

            variants.Add((inputs, recording));
            return inputs;
        }
    }

    /// <summary>The draft for as many of the sizes as it can be right for; the batch is given up last.</summary>
    private (LoweredModel Lowered, IReadOnlyList<IReadOnlyList<Tensor>> Sizes) LowerForSizes(
        RecordedForward first, List<(IReadOnlyList<Tensor> Inputs, RecordedForward Recording)> variants)
    {
        for (var count = variants.Count; ; count--)
        {
            try
            {
                var taken = variants.Take(count).ToList();
                return (Lower(RecordingSeries.Of([first, .. taken.Select(v => v.Recording)])), [.. taken.Select(v => v.Inputs)]);
            }
            catch (SizeDependenceException) when (count > 0)
            {
            }
        }
    }

    private LoweredModel Lower(RecordingSeries series) => GraphLowering.Lower(series, _model.InputNames, _model.OutputNames);

    private bool IsOfTorchSharp(string module) => _modules[module].GetType().Assembly == typeof(torch).Assembly;

    private EmittedGraph Emit(LoweredModel lowered, ModelGrids? grids = null) =>
        GraphEmission.Make(_model.Module.GetName(), lowered, _containers, grids ?? ModelGrids.None);

    private IReadOnlyList<Action> Forwards(IReadOnlyList<Tensor> example) =>
        [() => _model.Forward(Copies(example)), () => _model.Forward(ExampleVariants.Fresh(example))];

    private RecordedForward Record(IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return _model.Record(_symbols, Copies(inputs));
        }
        catch (ExternalException failure)
        {
            // libtorch's message goes on with its native stack, which nobody capturing a model can read.
            throw new CaptureException($"The model fails on the example input: {failure.Message.Split('\n')[0]}", failure);
        }
    }

    private RecordedForward? TryRecord(IReadOnlyList<Tensor> inputs)
    {
        try
        {
            return _model.Record(_symbols, Copies(inputs));
        }
        catch (Exception failure) when (failure is not PlatformNotSupportedException)
        {
            return null;
        }
    }

    private bool Runs(IReadOnlyList<Tensor> inputs)
    {
        try
        {
            _model.Forward(Copies(inputs));
            return true;
        }
        catch (Exception failure) when (failure is ExternalException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A forward may write to what it is given.</summary>
    private static List<Tensor> Copies(IReadOnlyList<Tensor> inputs) => [.. inputs.Select(input => input.detach().clone())];
}
