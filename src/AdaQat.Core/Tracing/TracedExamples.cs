using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>What the runs of a model on its examples show together.</summary>
internal sealed class TracedExamples
{
    private readonly List<TracedLayer> _called = [];
    private readonly Dictionary<nn.Module, TracedLayer> _byModule = new(ReferenceEqualityComparer.Instance);
    private int _inputs;

    /// <summary>
    /// Layers in the order of their first call. One that an example does not call stands before the layer that another calls after it.
    /// </summary>
    public IReadOnlyList<TracedLayer> Called => _called;

    /// <summary>Quantizable layers that no run called.</summary>
    public IReadOnlyList<QuantizableLayer> NotCalled { get; private set; } = [];

    /// <summary>Quantizable layers that a run computed with past their hooks.</summary>
    public IReadOnlyList<DirectUse> Direct { get; private set; } = [];

    /// <summary>Modules with weights of a kind that no quantizer reaches, in the model's order.</summary>
    public IReadOnlyList<FloatModule> LeftInFloat { get; private set; } = [];

    /// <summary>Runs the model on all examples; it is afterwards as before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">At least one.</param>
    /// <param name="inTrainingToo">Whether they run once more in training mode.</param>
    /// <inheritdoc cref="ModelTrace.Run" path="/exception"/>
    public static TracedExamples Of(nn.Module model, IReadOnlyList<ExampleRun> examples, bool inTrainingToo)
    {
        var traces = examples.Select((run, i) => ModelTrace.Run(model, run, run.Describe(i + 1, examples.Count))).ToList();
        if (inTrainingToo)
        {
            traces.AddRange(examples.Select(e => e.Training).Select(
                (run, i) => ModelTrace.Run(model, run, run.Describe(i + 1, examples.Count))));
        }

        var together = new TracedExamples();
        traces.ForEach(together.Add);
        together.Direct = traces.SelectMany(t => t.Direct).DistinctBy(d => d.Traced.Layer.Module)
            .Select(d => together._byModule.TryGetValue(d.Traced.Layer.Module, out var known)
                ? d with { Traced = known, IsCalledToo = true }
                : d).Where(d => !(d.IsCalledToo && d.Way == DirectWay.Weight)).ToList();
        together.NotCalled = traces[0].NotCalled.Where(l => !together._byModule.ContainsKey(l.Module)
            && !together.Direct.Any(d => ReferenceEquals(d.Traced.Layer.Module, l.Module))).ToList();
        together.LeftInFloat = traces[0].LeftInFloat;
        return together;
    }

    private void Add(ModelTrace trace)
    {
        var inputs = new Dictionary<int, int>();
        var place = _called.Count;
        foreach (var seen in trace.Called.Reverse())
        {
            if (_byModule.TryGetValue(seen.Layer.Module, out var known))
            {
                known.IsSigned |= seen.IsSigned;
                place = _called.IndexOf(known);
                Share(inputs, seen.Input, known.Input);
            }
            else
            {
                _byModule.Add(seen.Layer.Module, known = seen);
                _called.Insert(place, known);
                known.Input = inputs.TryGetValue(seen.Input, out var shared) ? shared : inputs[seen.Input] = _inputs++;
            }
        }

        if (trace.Called.Count > 0)
        {
            Known(trace.Called[0]).BeginsExample = true;
            Known(trace.Called[^1]).EndsExample = true;
        }
    }

    /// <summary>A tensor that two layers read in one example is quantized once, even if another example gives them two.</summary>
    private void Share(Dictionary<int, int> inputs, int seen, int known)
    {
        if (!inputs.TryAdd(seen, known) && inputs[seen] is var other && other != known)
        {
            foreach (var layer in _called.Where(l => l.Input == other))
            {
                layer.Input = known;
            }

            foreach (var same in inputs.Where(i => i.Value == other).Select(i => i.Key).ToList())
            {
                inputs[same] = known;
            }
        }
    }

    private TracedLayer Known(TracedLayer seen) => _byModule[seen.Layer.Module];
}
