using AdaQat.Calibration;
using AdaQat.Capture;
using AdaQat.Graph;
using AdaQat.Lowering;
using AdaQat.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>A quantized model while its graph is captured: its hooks rest, and tell what they would do.</summary>
internal sealed class CapturedLayers(QuantizedModel model, AttachmentState state) : IQuantizedLayers
{
    public IDisposable Rest()
    {
        var turn = state.Threads.BeginAlone();
        (state.IsHeld, state.HooksRest) = (true, true);
        return new Ended(() =>
        {
            (state.IsHeld, state.HooksRest) = (false, false);
            turn.Dispose();
        });
    }

    public ModelGrids Read(IReadOnlyList<Action> forwards)
    {
        using var scope = NewDisposeScope();
        var grids = ReadGrids(forwards);
        var layers = model.Layers.ToDictionary(layer => layer.Name, layer =>
        {
            var weight = Told(layer.Name, "weight", layer.Attached.EncodeWeight);
            return new LayerGrids(
                WeightName(model, layer),
                weight is { } values ? TensorNumbers.Of(values.Values) : null,
                weight is { } encoded ? WeightGrid(encoded.Grid, layer.Name) : null,
                grids.GetValueOrDefault(layer.Input));
        });
        var boundaries = model.Joins.Where(join => grids.ContainsKey(join.Attached))
            .SelectMany(join => join.Attached.Join.Boundaries.Select(boundary => (boundary, grids[join.Attached])));
        return new ModelGrids(layers, boundaries.ToDictionary());
    }

    public IReadOnlyList<Tensor> Quantized(Func<IReadOnlyList<Tensor>> forward)
    {
        var observer = state.Observer;
        (state.HooksRest, state.Observer) = (false, null);
        state.Ranges.Begin(isTraining: false);
        try
        {
            return forward();
        }
        finally
        {
            foreach (var layer in model.Layers)
            {
                layer.Attached.PutBack();
            }

            (state.HooksRest, state.Observer) = (true, observer);
        }
    }

    private Dictionary<IObservedInput, QuantizeOperator> ReadGrids(IReadOnlyList<Action> forwards)
    {
        var grids = new Dictionary<IObservedInput, QuantizeOperator>(ReferenceEqualityComparer.Instance);
        var inputs = model.Inputs
            .Select(input => (Input: (IObservedInput)input, Reader: model.Layers.First(l => ReferenceEquals(l.Input, input)).Name))
            .Concat(model.Joins.Select(join => (Input: (IObservedInput)join.Attached, Reader: join.Name)));
        var quantized = inputs.Where(each => !each.Input.Quantizer.Width.IsUnquantized).ToList();
        foreach (var (input, reader) in quantized)
        {
            if (!input.Quantizer.IsCalibrated)
            {
                throw new CaptureException(
                    reader, "the quantizer of its input has no range yet, and so no grid: train, or call Calibrate, before the graph is "
                    + "captured.");
            }

            input.InputObserver = tensor => Note(input, tensor, reader);
        }

        try
        {
            foreach (var forward in forwards)
            {
                forward();
            }
        }
        finally
        {
            quantized.ForEach(each => each.Input.InputObserver = null);
        }

        return grids;

        void Note(IObservedInput input, Tensor tensor, string reader)
        {
            using var encoded = Told(reader, "input", () => input.Quantizer.Encode(tensor));
            var grid = GridOperator(encoded.Grid, reader, "input");
            if (!grids.TryAdd(input, grid) && grids[input] != grid)
            {
                throw new CaptureException(
                    reader, $"the grid of its input follows from the input itself ({input.Quantizer.GetType().Name}); a graph has a fixed "
                    + "one. Choose Range = RangeSource.Static and calibrate, which freezes the range.");
            }
        }
    }

    private static T Told<T>(string layer, string what, Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (Exception failure) when (failure is not CaptureException)
        {
            throw new CaptureException(
                layer, $"the quantizer of its {what} does not tell its codes and grid, which a graph needs. {failure.Message}");
        }
    }

    /// <summary>The name of a layer's weight among the model's parameters.</summary>
    public static string WeightName(QuantizedModel model, QuantizedLayer layer) => model.Model.named_parameters()
        .First(parameter => TensorMemory.Of(parameter.parameter) == layer.Attached.WeightMemory).name;

    /// <summary>Weights are on their grid already, so that a finer one on which its levels lie gives them back.</summary>
    private static QuantizeOperator WeightGrid(QuantizationGrid grid, string layer) => grid is not LevelGrid levels
        ? GridOperator(grid, layer, "weight")
        : CommonStep.Of(levels.Levels) ?? throw new CaptureException(
            layer, $"the {levels.Levels.Count} levels of its weight are not whole multiples, up to 127, of one step, as a graph needs "
            + "them. Powers of two of 2 to 4 bits and their sums of 2 to 6 bits are, and all uniform families; a codebook and learned "
            + "ternary levels are not. Quantize the layer by another family.");

    private static QuantizeOperator GridOperator(QuantizationGrid grid, string layer, string what) => grid is UniformGrid uniform
        ? new QuantizeOperator(
            [.. uniform.Scales], [.. uniform.Offsets], uniform.SmallestCode, uniform.LargestCode, uniform.Granularity.Axis,
            uniform.Granularity.GroupSize)
        : throw new CaptureException(
            layer, $"the values of its {what} are not evenly spaced ({grid.GetType().Name}); a graph's quantizer has a scale and an "
            + "offset. Quantize it by a uniform family (PACT, affine, LSQ, fixed point, learned range).");

    private sealed class Ended(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
