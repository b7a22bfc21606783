using AdaQat.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>Saves and loads a run: tensors in safetensors, the rest as JSON in the same file's metadata.</summary>
public static class Checkpoint
{
    private const string OptimizerName = "optimizer";
    private const string RandomName = "random";

    /// <summary>Copies the weights and buffers of a checkpoint into a model of the same architecture, attached or not.</summary>
    /// <remarks>
    /// What belongs to quantizers is taken where both sides have it and left where one side lacks it: a float checkpoint loads into an
    /// attached model, and a quantized one into a float model, whose latent weights it then holds.
    /// </remarks>
    /// <param name="path">The checkpoint.</param>
    /// <param name="model">The model to fill.</param>
    /// <exception cref="CheckpointException">The file is damaged, or of another architecture; the model is untouched.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static void LoadWeights(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var file = SafeTensorsFile.Open(path);
        var mine = TrainingState.ModelTensors(model);
        var theirs = file.Entries.Where(e => TrainingState.IsOfModel(e.Name)).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        RequireSameNames(path, theirs.Where(name => !IsOfQuantizer(name)), mine.Keys.Where(name => !IsOfQuantizer(name)));
        Fill(path, file, mine.Where(t => theirs.Contains(t.Key)));
    }

    internal static void Save(string path, TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var generator = Generator.Default;
        var tensors = new Dictionary<string, Tensor>(state.ModelTensors())
        {
            [OptimizerName] = OptimizerBytes.Save(state.Weights),
            [RandomName] = generator.get_state(),
        };
        SafeTensorsFile.Write(path, tensors, TrainingDocument.Of(state).ToMetadata());
    }

    /// <summary>Fills <paramref name="state"/> and returns where the saved run stood. Everything is checked before anything changes.</summary>
    internal static TrainingProgress Load(string path, TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var document = TrainingDocument.Read(path, file.Metadata);
        document.RequireFit(path, state);
        var mine = state.ModelTensors();
        RequireSameNames(path, file.Entries.Select(e => e.Name).Where(TrainingState.IsOfModel), mine.Keys);
        RequireSameShapes(path, file, mine);
        var random = file.ReadTensor(RandomName);
        var optimizer = file.ReadTensor(OptimizerName);

        LoadOptimizer(path, state.Weights, optimizer, () =>
        {
            if (document.Widths is { } widths)
            {
                state.Widths!.Restore(widths);
            }
        });
        Fill(path, file, mine);
        using var generator = Generator.Default;
        generator.set_state(random);
        return document.Progress;
    }

    private static void Fill(string path, SafeTensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var targets = tensors.ToList();
        RequireSameShapes(path, file, targets);
        foreach (var (name, target) in targets)
        {
            file.CopyTo(name, target);
        }
    }

    /// <summary>TorchSharp checks an optimizer's state while it takes it over, so that a refusal has to be undone.</summary>
    private static void LoadOptimizer(string path, optim.Optimizer optimizer, Tensor state, Action thenLoadWidths)
    {
        var before = OptimizerBytes.Save(optimizer);
        try
        {
            OptimizerBytes.Load(optimizer, state);
            thenLoadWidths();
        }
        catch (Exception error)
        {
            OptimizerBytes.Load(optimizer, before);
            throw new CheckpointException($"The checkpoint '{path}' is of another run: {error.Message}", error);
        }
    }

    private static bool IsOfQuantizer(string name) =>
        name.Contains(".weight_quantizer.", StringComparison.Ordinal) || name.Contains(".activation_quantizer.", StringComparison.Ordinal);

    private static void RequireSameNames(string path, IEnumerable<string> theirs, IEnumerable<string> mine)
    {
        var (here, there) = (mine.ToHashSet(StringComparer.Ordinal), theirs.ToHashSet(StringComparer.Ordinal));
        if (here.Except(there).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new CheckpointException($"The checkpoint '{path}' is of another model: it has no '{missing}'.");
        }

        if (there.Except(here).Order(StringComparer.Ordinal).FirstOrDefault() is { } surplus)
        {
            throw new CheckpointException($"The checkpoint '{path}' is of another model: this model has no '{surplus}'.");
        }
    }

    private static void RequireSameShapes(string path, SafeTensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> mine)
    {
        var theirs = file.Entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var (name, tensor) in mine)
        {
            var entry = theirs[name];
            if (!entry.Shape.SequenceEqual(tensor.shape) || entry.Dtype != tensor.dtype)
            {
                throw new CheckpointException(
                    $"The checkpoint '{path}' is of another model: '{name}' is {entry.Dtype} [{string.Join(", ", entry.Shape)}] there and "
                    + $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] here.");
            }
        }
    }
}
