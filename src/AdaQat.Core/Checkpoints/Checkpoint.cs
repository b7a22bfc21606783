using AdaQat.Checkpoints;
using AdaQat.Isolation;
using AdaQat.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Saves and resumes a run of a training loop of your own: tensors in safetensors, the rest as JSON in the same file's metadata.
/// </summary>
/// <remarks>
/// A checkpoint holds the model's parameters and buffers, the quantizers', the bit-widths with all counters, the optimizer of the
/// weights (momenta, learning rates), torch's random state and the position. A save replaces the file as a whole, so that a process
/// killed at any moment leaves the old checkpoint or the new one.
/// <code>
/// var progress = File.Exists(path) ? Checkpoint.Resume(path, quantized, weights, widths) : TrainingProgress.Start;
/// for (var step = progress.Step; step &lt; steps; step++)
/// {
///     Train(step);
///     if ((step + 1) % 500 == 0) Checkpoint.Save(path, quantized, weights, widths, new TrainingProgress(Step: step + 1));
/// }
/// </code>
/// For the resumed run to be the uninterrupted one, batches have to follow from the position, or from its <see
/// cref="TrainingProgress.Notes"/>.
/// </remarks>
public static class Checkpoint
{

    /// <summary>Writes all state of a run, in place of a file that may be there.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="weights">The optimizer of the model's parameters, one of TorchSharp's.</param>
    /// <param name="widths">The optimizer of the bit-widths, or null for fixed widths.</param>
    /// <param name="progress">Where the run stands; null for its start.</param>
    /// <exception cref="ArgumentException">
    /// The optimizer of the bit-widths is of another model, or the position is none; nothing was written.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model is detached; nothing was written.</exception>
    /// <exception cref="NotSupportedException">TorchSharp cannot save the state of such an optimizer; nothing was written.</exception>
    /// <exception cref="IOException">The file could not be written; one that was there before is as it was.</exception>
    public static void Save(
        string path, QuantizedModel quantized, optim.Optimizer weights, BitWidthOptimizer? widths = null, TrainingProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        Save(path, StateOf(quantized.Whole, new NamedOptimizers(weights), quantized, widths, progress));
    }

    /// <summary>Writes all state of a run with several optimizers, in place of a file that may be there.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="optimizers">
    /// The optimizers of the model's parameters, TorchSharp's, with a name each: <c>[("weights", sgd), ("alphas", adam)]</c>. Resuming
    /// needs the same names.
    /// </param>
    /// <param name="widths">The optimizer of the bit-widths, or null for fixed widths.</param>
    /// <param name="progress">Where the run stands; null for its start.</param>
    /// <inheritdoc cref="Save(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, TrainingProgress?)" path="/exception"/>
    public static void Save(
        string path, QuantizedModel quantized, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        BitWidthOptimizer? widths = null, TrainingProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        Save(path, StateOf(quantized.Whole, new NamedOptimizers(optimizers), quantized, widths, progress));
    }

    /// <summary>Writes all state of a run without quantization, in place of a file that may be there.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <param name="model">The model, not attached.</param>
    /// <param name="weights">The optimizer of its parameters, one of TorchSharp's.</param>
    /// <param name="progress">Where the run stands; null for its start.</param>
    /// <inheritdoc cref="Save(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, TrainingProgress?)" path="/exception"/>
    public static void Save(string path, nn.Module model, optim.Optimizer weights, TrainingProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Save(path, StateOf(model, new NamedOptimizers(weights), null, null, progress));
    }

    /// <summary>Writes all state of a run without quantization and with several optimizers.</summary>
    /// <param name="path">The file. Its folder must exist.</param>
    /// <param name="model">The model, not attached.</param>
    /// <param name="optimizers">The optimizers of its parameters, TorchSharp's, with a name each.</param>
    /// <param name="progress">Where the run stands; null for its start.</param>
    /// <inheritdoc cref="Save(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, TrainingProgress?)" path="/exception"/>
    public static void Save(
        string path, nn.Module model, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        TrainingProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Save(path, StateOf(model, new NamedOptimizers(optimizers), null, null, progress));
    }

    /// <summary>Puts a run back to where it was saved; it continues to the bit on the same machine with as many threads.</summary>
    /// <param name="path">A checkpoint of the same model, quantizers and optimizers.</param>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="weights">The optimizer of the model's parameters.</param>
    /// <param name="widths">The optimizer of the bit-widths, or null for fixed widths.</param>
    /// <param name="advanceSchedule">
    /// Brings a learning-rate scheduler of TorchSharp, which has no state to save, to the position, by stepping a new one as often as the
    /// run has: <c>p => { for (var i = 0; i &lt; p.Epoch; i++) scheduler.step(); }</c>. The rates it arrives at have to be those in the
    /// checkpoint. Null where there is no such scheduler.
    /// </param>
    /// <returns>Where the run stood, with its notes.</returns>
    /// <exception cref="CheckpointException">
    /// The file is damaged, of a newer format, or of another model, optimizer or choice of options, which the message names. Model,
    /// optimizers and random state are untouched; a scheduler may have been stepped.
    /// </exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    public static TrainingProgress Resume(
        string path, QuantizedModel quantized, optim.Optimizer weights, BitWidthOptimizer? widths = null,
        Action<TrainingProgress>? advanceSchedule = null)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        return Load(path, StateOf(quantized.Whole, new NamedOptimizers(weights), quantized, widths), advanceSchedule);
    }

    /// <summary>Puts a run with several optimizers back to where it was saved.</summary>
    /// <param name="path">A checkpoint of the same model, quantizers and optimizers.</param>
    /// <param name="quantized">The handle from attaching.</param>
    /// <param name="optimizers">The optimizers of the model's parameters, with the names that they were saved with.</param>
    /// <param name="widths">The optimizer of the bit-widths, or null for fixed widths.</param>
    /// <param name="advanceSchedule">Advances their learning-rate schedulers, as for one optimizer.</param>
    /// <returns>Where the run stood, with its notes.</returns>
    /// <inheritdoc cref="Resume(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, Action{TrainingProgress}?)"
    /// path="/exception"/>
    public static TrainingProgress Resume(
        string path, QuantizedModel quantized, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        BitWidthOptimizer? widths = null, Action<TrainingProgress>? advanceSchedule = null)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        return Load(path, StateOf(quantized.Whole, new NamedOptimizers(optimizers), quantized, widths), advanceSchedule);
    }

    /// <summary>Puts a run without quantization back to where it was saved.</summary>
    /// <param name="path">A checkpoint of the same model and optimizer.</param>
    /// <param name="model">The model, not attached.</param>
    /// <param name="weights">The optimizer of its parameters.</param>
    /// <param name="advanceSchedule">As for a quantized model.</param>
    /// <returns>Where the run stood, with its notes.</returns>
    /// <inheritdoc cref="Resume(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, Action{TrainingProgress}?)"
    /// path="/exception"/>
    public static TrainingProgress Resume(
        string path, nn.Module model, optim.Optimizer weights, Action<TrainingProgress>? advanceSchedule = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(path, StateOf(model, new NamedOptimizers(weights), null, null), advanceSchedule);
    }

    /// <summary>Puts a run without quantization and with several optimizers back to where it was saved.</summary>
    /// <param name="path">A checkpoint of the same model and optimizers.</param>
    /// <param name="model">The model, not attached.</param>
    /// <param name="optimizers">The optimizers of its parameters, with the names that they were saved with.</param>
    /// <param name="advanceSchedule">As for a quantized model.</param>
    /// <returns>Where the run stood, with its notes.</returns>
    /// <inheritdoc cref="Resume(string, QuantizedModel, optim.Optimizer, BitWidthOptimizer?, Action{TrainingProgress}?)"
    /// path="/exception"/>
    public static TrainingProgress Resume(
        string path, nn.Module model, IReadOnlyList<(string Name, optim.Optimizer Optimizer)> optimizers,
        Action<TrainingProgress>? advanceSchedule = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(path, StateOf(model, new NamedOptimizers(optimizers), null, null), advanceSchedule);
    }

    /// <summary>Copies the weights and buffers of a checkpoint into a model of the same architecture, attached or not.</summary>
    /// <remarks>
    /// What belongs to quantizers is taken where both sides have it and left where one side lacks it: a float checkpoint loads into an
    /// attached model, and a quantized one into a float model, whose latent weights it then holds. From a quantized one into a model
    /// attached with the same choices the integer widths are loaded too: it then computes what was trained. A quantizer may know better
    /// what it means that a checkpoint lacks something: <see cref="Quantizer.FormerValue"/>.
    /// </remarks>
    /// <param name="path">The checkpoint.</param>
    /// <param name="model">The model to fill.</param>
    /// <param name="part">
    /// Where the model is a part of the one that was saved, its name there, as <c>named_modules</c> has it; null for the whole.
    /// </param>
    /// <exception cref="CheckpointException">The file is damaged, or of another architecture; the model is untouched.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static void LoadWeights(string path, nn.Module model, string? part = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var mine = TrainingState.ModelTensors(model, part);
        var theirs = NamesIn(file);
        if (part is not null)
        {
            theirs.RemoveWhere(name => !TrainingState.IsOfPart(name, part));
            RequirePart(path, part, theirs);
        }

        RequireSameNames(path, theirs.Where(name => !IsOfQuantizer(name)), mine.Keys.Where(name => !IsOfQuantizer(name)));
        var values = Read(path, file, mine.Where(t => theirs.Contains(t.Key)));
        values.AddRange(FormerValues(model, part, theirs, () => TrainingDocument.SettingsIn(path, file.Metadata)).Values);
        var quantizers = model.named_modules().Select(m => m.module).OfType<Quantizer>().ToList();
        RequireAllowedWidths(path, quantizers, values);
        Fill(values);
        quantizers.ForEach(q => q.TakeOverLoadedBits());
    }

    /// <summary>Where a saved run stands, with its notes; nothing is loaded. For a model whose making depends on that.</summary>
    /// <param name="path">A checkpoint.</param>
    /// <exception cref="CheckpointException">The file is damaged, of a newer format, or holds no training state.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static TrainingProgress ReadProgress(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var document = TrainingDocument.Read(path, file.Metadata);
        return document.Progress.With(document.Notes);
    }

    internal static void Save(string path, TrainingState state)
    {
        state.Validate();
        using var scope = NewDisposeScope();
        var tensors = state.ModelTensors().Concat(state.Weights.Save()).ToDictionary();
        foreach (var source in state.Random.Serving)
        {
            tensors.Add(source.Name, source.Mark());
        }

        SafeTensorsFile.Write(path, tensors, TrainingDocument.Of(state).ToMetadata());
    }

    /// <summary>
    /// Fills <paramref name="state"/> and returns where the saved run stood. Everything is checked and read before anything changes.
    /// </summary>
    internal static TrainingProgress Load(string path, TrainingState state, Action<TrainingProgress>? advanceSchedule = null)
    {
        state.Validate();
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        var document = TrainingDocument.Read(path, file.Metadata);
        document.RequireFit(path, state);
        var mine = state.ModelTensors();
        var theirs = NamesIn(file);
        var former = FormerValues(state.Model, null, theirs, () => document.Settings);
        // Files of before have the widths in the document alone, from which they are restored in any case.
        var named = mine.Where(t => theirs.Contains(t.Key) || !(IsWidth(t.Key) || former.ContainsKey(t.Key))).ToDictionary();
        RequireSameNames(path, theirs, named.Keys);
        var values = Read(path, file, named);
        values.AddRange(former.Values);
        var random = MarksIn(file, state);
        var optimizers = state.Weights.TensorNames.ToDictionary(name => name, file.ReadTensor);

        TakeOver(path, state, document, optimizers, random, advanceSchedule);
        Fill(values);
        return document.Progress.With(document.Notes);
    }

    private static TrainingState StateOf(
        nn.Module model, NamedOptimizers weights, QuantizedModel? quantized, BitWidthOptimizer? widths,
        TrainingProgress? progress = null) => new(model, weights, quantized, widths, progress ?? TrainingProgress.Start);

    /// <summary>Reads the values for tensors, which are left as they are.</summary>
    private static List<(Tensor Target, Tensor Value)> Read(
        string path, SafeTensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var targets = tensors.ToList();
        RequireSameShapes(path, file, targets);
        return targets.ConvertAll(t => (t.Value, file.ReadTensor(t.Key)));
    }

    /// <summary>Values of quantizers for what the checkpoint lacks, by the names that it would have them under.</summary>
    private static Dictionary<string, (Tensor Target, Tensor Value)> FormerValues(
        nn.Module model, string? part, HashSet<string> theirs, Func<IReadOnlyDictionary<string, string>> settings)
    {
        var values = new Dictionary<string, (Tensor Target, Tensor Value)>(StringComparer.Ordinal);
        foreach (var (path, module) in model.named_modules())
        {
            if (module is Quantizer quantizer)
            {
                foreach (var (name, tensor) in quantizer.state_dict())
                {
                    var full = TrainingState.NameOf($"{path}.{name}", part);
                    if (!theirs.Contains(full)
                        && quantizer.FormerValue(name, OptionsOf(TrainingState.NameOf(path, part), settings())) is { } value)
                    {
                        values[full] = (tensor, value);
                    }
                }
            }
        }

        return values;
    }

    /// <summary>
    /// What a checkpoint's quantizer was made with; null where there was none of that name. Settings have the layers' names in what was
    /// attached, which may have been a part of the model that was saved.
    /// </summary>
    private static Dictionary<string, string>? OptionsOf(string quantizer, IReadOnlyDictionary<string, string> settings)
    {
        var theirs = settings.GroupBy(s => s.Key[..Math.Max(0, s.Key.LastIndexOf('.'))]);
        var longest = theirs.Where(s => quantizer.EndsWith($".{s.Key}", StringComparison.Ordinal)).MaxBy(s => s.Key.Length);
        return longest?.ToDictionary(s => s.Key[(longest.Key.Length + 1)..], s => s.Value, StringComparer.Ordinal);
    }

    private static void Fill(List<(Tensor Target, Tensor Value)> values)
    {
        using var noGradients = no_grad();
        foreach (var (target, value) in values)
        {
            target.copy_(value);
        }
    }

    /// <summary>
    /// What is checked only while it is taken over: the optimizer's state, the widths, the random state. A refusal is undone.
    /// </summary>
    private static void TakeOver(
        string path, TrainingState state, TrainingDocument document, Dictionary<string, Tensor> optimizers,
        List<(IRandomSource Source, Tensor Mark)> random, Action<TrainingProgress>? advanceSchedule)
    {
        var cpu = new CpuRandom();
        var (optimizersBefore, randomBefore, widthsBefore) = (state.Weights.Save(), cpu.Mark(), state.Widths?.Snapshot());
        try
        {
            advanceSchedule?.Invoke(document.Progress);
            var rates = state.Weights.Rates.ToList();
            state.Weights.Load(optimizers);
            if (advanceSchedule is not null)
            {
                RequireSameRates(state.Weights.Rates.ToList(), rates);
            }

            if (document.Widths is { } widths)
            {
                state.Widths!.Restore(widths);
            }

            // Last: a generator that cannot be read could not be put back.
            random.ForEach(r => r.Source.Resume(r.Mark));
        }
        catch (Exception error)
        {
            state.Weights.Load(optimizersBefore);
            cpu.Repeat(randomBefore);
            if (widthsBefore is not null)
            {
                state.Widths!.Restore(widthsBefore);
            }

            throw new CheckpointException($"The checkpoint '{path}' is of another run: {error.Message}", error);
        }
    }

    /// <summary>
    /// A file that was saved on another device may lack the mark of a generator: the run goes on there, with other dropout masks.
    /// </summary>
    private static List<(IRandomSource Source, Tensor Mark)> MarksIn(SafeTensorsFile file, TrainingState state)
    {
        var names = file.Entries.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return state.Random.Serving.Where(s => s is CpuRandom || names.Contains(s.Name)).Select(s => (s, file.ReadTensor(s.Name))).ToList();
    }

    private static void RequireSameRates(List<(string Group, double Rate)> theirs, List<(string Group, double Rate)> mine)
    {
        foreach (var (there, here) in theirs.Zip(mine).Where(rates => !rates.First.Rate.Equals(rates.Second.Rate)))
        {
            throw new CheckpointException(FormattableString.Invariant(
                $"the learning rate of {there.Group} is {there.Rate} there, and {here.Rate} where the schedule arrived."));
        }
    }

    private static HashSet<string> NamesIn(SafeTensorsFile file) =>
        file.Entries.Select(e => e.Name).Where(TrainingState.IsOfModel).ToHashSet(StringComparer.Ordinal);

    private static bool IsWidth(string name) => name.EndsWith($".{Quantizer.BitsName}", StringComparison.Ordinal);

    /// <summary>Refuses widths that the model's do not allow, before anything has changed.</summary>
    private static void RequireAllowedWidths(string path, List<Quantizer> quantizers, List<(Tensor Target, Tensor Value)> values)
    {
        foreach (var quantizer in quantizers)
        {
            var mine = quantizer.get_buffer(Quantizer.BitsName)!.Handle;
            foreach (var (_, value) in values.Where(v => v.Target.Handle == mine))
            {
                var (bits, width) = ((int)value.item<long>(), quantizer.Width);
                if (!width.Allowed.Contains(bits))
                {
                    throw new CheckpointException(
                        $"The checkpoint '{path}' has {bits} bits for '{width.Name}', which allows {string.Join(", ", width.Allowed)} "
                        + "here; attach with the choices of widths that it was saved with.");
                }
            }
        }
    }

    private static void RequirePart(string path, string part, HashSet<string> names)
    {
        if (names.Count == 0)
        {
            throw new CheckpointException($"The checkpoint '{path}' is of a model that has no part '{part}'.");
        }
    }

    private static bool IsOfQuantizer(string name) =>
        name.Contains(".weight_quantizer.", StringComparison.Ordinal) || name.Contains(".activation_quantizer.", StringComparison.Ordinal)
        || name.Contains(".join_quantizer", StringComparison.Ordinal);

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
