using AdaQat.Graph;
using AdaQat.Isolation;
using AdaQat.Lowering;
using AdaQat.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>
/// A model's graph from one recording, without proof: shapes and names, for what needs no numbers. Where there can be none, why.
/// </summary>
internal sealed class GraphSketch : IDisposable
{
    private readonly Func<ModelGrids, EmittedGraph>? _emit;
    private readonly IReadOnlyList<Tensor> _constants;

    private GraphSketch(Func<ModelGrids, EmittedGraph>? emit, IReadOnlyList<Tensor> constants, string? fault) =>
        (_emit, _constants, Fault) = (emit, constants, fault);

    /// <summary>Why there is no graph; null where there is one.</summary>
    public string? Fault { get; }

    /// <summary>Runs the model once more on its example. It is afterwards as it was, whatever comes of it.</summary>
    /// <param name="model">Makes the model with its example; what it throws is a reason like any other.</param>
    public static GraphSketch Of(Func<CapturedModel> model)
    {
        try
        {
            return Recorded(model());
        }
        catch (Exception failure)
        {
            // A sketch is an extra: a model is no worse for being one that no graph can say.
            return new GraphSketch(emit: null, [], failure.Message.Split('\n')[0]);
        }
    }

    /// <summary>The graph.</summary>
    /// <param name="grids">Stand-ins for quantizers.</param>
    /// <exception cref="CaptureException">There is none.</exception>
    public ModelGraph Graph(ModelGrids grids) => Emitted(grids).Graph;

    /// <summary>The graph in float, with what modules were given and returned.</summary>
    /// <exception cref="CaptureException">There is none.</exception>
    public EmittedGraph InFloat() => Emitted(ModelGrids.None);

    private EmittedGraph Emitted(ModelGrids grids) => _emit is not null
        ? _emit(grids)
        : throw new CaptureException($"The model's graph is needed, and could not be captured. {Fault}");

    public void Dispose()
    {
        foreach (var constant in _constants)
        {
            constant.Dispose();
        }
    }

    private static GraphSketch Recorded(CapturedModel model)
    {
        var symbols = LibtorchSymbols.Load();
        TracerCheck.Run(symbols);
        using var mode = new EvaluationMode(model.Module);
        // No parameter requires a gradient; without gradient, a model that differentiates itself would end the process.
        using var isolation = new ForwardIsolation([model.Module], ModelRandom.Of(model.Module), sparesUnchanged: true);
        var recording = model.Record(symbols, [.. model.Example.Select(input => input.detach().clone())]);
        var lowered = GraphLowering.Lower(RecordingSeries.Of([recording]), model.InputNames, model.OutputNames);
        var containers = ModuleNames.Containers(model.Module);
        EmittedGraph Emit(ModelGrids grids) => GraphEmission.Make(model.Module.GetName(), lowered, containers, grids);

        // Emitted once to see that it can be.
        Emit(ModelGrids.None);
        return new GraphSketch(Emit, [.. recording.Tensors.Values.Select(tensor => tensor.DetachFromDisposeScope())], fault: null);
    }
}
