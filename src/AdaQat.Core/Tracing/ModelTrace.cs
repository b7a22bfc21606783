using System.Runtime.InteropServices;
using AdaQat.Isolation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>Runs a model once and records which quantizable layers it calls, in which order, on which inputs.</summary>
internal sealed class ModelTrace
{
    private readonly Dictionary<nn.Module, TracedLayer> _traced = [];
    private readonly List<TracedLayer> _called = [];
    private readonly List<SeenInput> _inputs = [];
    private readonly long? _batchSize;

    private ModelTrace(long? batchSize) => _batchSize = batchSize;

    /// <summary>Layers in the order of their first call.</summary>
    public IReadOnlyList<TracedLayer> Called => _called;

    /// <summary>Quantizable layers that the run never came to.</summary>
    public IReadOnlyList<QuantizableLayer> NotCalled { get; private set; } = [];

    /// <summary>Quantizable layers that the run computed with past their hooks.</summary>
    public IReadOnlyList<DirectUse> Direct { get; private set; } = [];

    /// <summary>Modules with weights of a kind that no quantizer reaches, in the model's order.</summary>
    public IReadOnlyList<FloatModule> LeftInFloat { get; private set; } = [];

    /// <summary>Traces a run without gradient; the model is afterwards as before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="example">The run.</param>
    /// <param name="name">The run in words, for errors.</param>
    /// <exception cref="ArgumentException">The model fails on the example.</exception>
    /// <exception cref="InvalidOperationException">No layer is reached.</exception>
    public static ModelTrace Run(nn.Module model, ExampleRun example, string name)
    {
        var run = example.Forward;
        var trace = new ModelTrace(example.BatchSize) { LeftInFloat = FloatModules(model) };
        var layers = Layers(model);
        using var mode = new EvaluationMode(model);
        using var isolation = new ForwardIsolation(model);
        if (example.InTraining)
        {
            model.train();
        }

        var hooks = layers.ConvertAll(trace.Watch);
        try
        {
            run();
        }
        catch (ExternalException failure)
        {
            // libtorch's message goes on with its native stack, which nobody attaching a model can read.
            throw new ArgumentException($"The model fails on {name}: {failure.Message.Split('\n')[0]}", failure);
        }
        finally
        {
            hooks.ForEach(remove => remove());
        }

        var notCalled = layers.ConvertAll(l => trace._traced[l.Module]).Where(t => t.Input < 0).ToList();
        trace.Direct = DirectForward.Find(trace._called, notCalled, run);
        trace.NotCalled = notCalled.Except(trace.Direct.Select(d => d.Traced)).Select(t => t.Layer).ToList();
        if (trace._called.Count == 0 && trace.Direct.Count == 0)
        {
            throw new InvalidOperationException(
                $"The model has no layer to quantize: {name} reached no convolution and no linear layer through call().");
        }

        return trace;
    }

    private static List<QuantizableLayer> Layers(nn.Module model) =>
        Modules(model).Select(m => QuantizableLayer.From(m.Name, m.Module)).OfType<QuantizableLayer>().ToList();

    private static List<FloatModule> FloatModules(nn.Module model) =>
        Modules(model).Select(m => FloatModule.From(m.Name, m.Module)).OfType<FloatModule>().ToList();

    /// <summary>The model and all below it, each once, under the first of its names.</summary>
    private static IEnumerable<(string Name, nn.Module Module)> Modules(nn.Module model)
    {
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        return model.named_modules().Prepend((name: model.GetName(), module: model)).Where(m => seen.Add(m.module));
    }

    private Action Watch(QuantizableLayer layer)
    {
        var traced = new TracedLayer(layer);
        _traced.Add(layer.Module, traced);
        var before = layer.Module.register_forward_pre_hook((_, input) =>
        {
            See(traced, input);
            return input;
        });
        var after = layer.Module.register_forward_hook((_, input, output) =>
        {
            traced.Macs += layer.Macs(input.shape, output.shape, _batchSize);
            if (traced.OutputShape.Count == 0)
            {
                (traced.InputShape, traced.OutputShape) = (layer.SampleShape(input.shape), layer.SampleShape(output.shape));
            }

            return output;
        });
        return () =>
        {
            before.remove();
            after.remove();
        };
    }

    private void See(TracedLayer traced, Tensor input)
    {
        using var scope = NewDisposeScope();
        var values = input.to(ScalarType.Float64);
        var smallest = values.min().item<double>();
        var largest = values.max().item<double>();
        traced.IsSigned |= smallest < 0 || largest == 0;
        if (traced.Input >= 0)
        {
            return;
        }

        var seen = new SeenInput(input, values.sum().item<double>(), values.Square().sum().item<double>());
        traced.Input = _inputs.FindIndex(seen.IsSame);
        if (traced.Input < 0)
        {
            traced.Input = _inputs.Count;
            _inputs.Add(seen);
        }

        traced.ActivationCount = traced.Layer.ActivationCount(input.shape, _batchSize);
        _called.Add(traced);
    }

    /// <summary>A tensor object with two moments of its values: an in-place operation between two reads makes it another input.</summary>
    private sealed record SeenInput(Tensor Tensor, double Sum, double SumOfSquares)
    {
        public bool IsSame(SeenInput other) =>
            ReferenceEquals(Tensor, other.Tensor) && Sum.Equals(other.Sum) && SumOfSquares.Equals(other.SumOfSquares);
    }
}
