using AdaQat.Calibration;
using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>A weight, or what layers read, and its quantizers at the widths that are tried.</summary>
internal sealed class SensitivityTarget : IDisposable
{
    private const int Bins = 64;
    private readonly List<(int Bits, Quantizer Quantizer)> _quantizers = [];

    private readonly CalibrationOptions? _calibration;

    private SensitivityTarget(QuantizerTarget kind, IReadOnlyList<QuantizedLayer> layers, CalibrationOptions? calibration) =>
        (Kind, Layers, _calibration) = (kind, layers, calibration);

    public QuantizerTarget Kind { get; }

    /// <summary>Those that have the weight, or read the input; the first gives the name.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    public string Name => Layers[0].Name;

    public IReadOnlyList<(int Bits, Quantizer Quantizer)> Quantizers => _quantizers;

    /// <summary>The model's own quantizer.</summary>
    public Quantizer Model => Kind == QuantizerTarget.Weight ? Layers[0].WeightQuantizer : Layers[0].ActivationQuantizer;

    /// <summary>How its elements are spread; null until it was seen.</summary>
    public TensorDistribution? Distribution { get; private set; }

    /// <summary>All weights and inputs that are quantized, in the order of the layers, weights first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Which widths.</param>
    /// <param name="notes">Gets what is left out.</param>
    public static List<SensitivityTarget> Of(QuantizedModel model, SensitivityOptions options, List<string> notes)
    {
        var targets = new List<SensitivityTarget>();
        try
        {
            AddAll(QuantizerTarget.Weight, options.WeightBits, layer => layer.WeightQuantizer);
            AddAll(QuantizerTarget.Activation, options.ActivationBits, layer => layer.ActivationQuantizer);
            return targets;
        }
        catch
        {
            targets.ForEach(target => target.Dispose());
            throw;
        }

        void AddAll(QuantizerTarget kind, IReadOnlyList<int> bits, Func<QuantizedLayer, Quantizer> quantizer)
        {
            foreach (var sharing in model.Layers.Where(l => !quantizer(l).Width.IsUnquantized).GroupBy(quantizer))
            {
                var target = new SensitivityTarget(kind, [.. sharing], options.Calibration);
                targets.Add(target);
                foreach (var width in bits)
                {
                    target.AddQuantizer(width, notes);
                }
            }
        }
    }

    /// <summary>
    /// Sees the weight, or what the layers read first: quantizers get their ranges from it, unless they are to keep the model's, and its
    /// elements are counted.
    /// </summary>
    public void See(Tensor tensor)
    {
        if (Distribution is not null || tensor.numel() == 0)
        {
            return;
        }

        using var guard = no_grad();
        foreach (var (_, quantizer) in _quantizers)
        {
            Start(quantizer, tensor);
        }

        using var scope = NewDisposeScope();
        Distribution = Histogram(tensor.detach());
    }

    public void Dispose() => _quantizers.ForEach(q => q.Quantizer.Dispose());

    private void Start(Quantizer quantizer, Tensor tensor)
    {
        if (_calibration is null)
        {
            quantizer.StartOnce(tensor);
            return;
        }

        using var seen = new ObservedTensor(
            quantizer, Kind, Kind == QuantizerTarget.Weight ? _calibration.WeightObserver : _calibration.Observer);
        seen.Add(tensor);
        seen.Apply(Name, Kind);
    }

    private void AddQuantizer(int bits, List<string> notes)
    {
        var origin = Model.Origin ?? throw new InvalidOperationException($"Layer '{Name}' has a quantizer that no options made.");
        try
        {
            _quantizers.Add((bits, origin.At(Model, bits, Layers[0].Attached.LatentWeight)));
        }
        catch (ArgumentException fault)
        {
            notes.Add($"{Name}, {(Kind == QuantizerTarget.Weight ? "weights" : "activations")} at {bits} bits: {fault.Message}");
        }
    }

    private TensorDistribution Histogram(Tensor tensor)
    {
        var all = tensor.to(ScalarType.Float32).reshape(-1);
        var finite = all.masked_select(all.isfinite());
        if (finite.numel() == 0)
        {
            return new TensorDistribution(Name, Kind, 0, 0, new long[Bins], []);
        }

        var (least, most) = (finite.min().item<float>(), finite.max().item<float>());
        var place = most > least
            ? finite.Sub(least).Mul(Bins / ((double)most - least)).floor().Clamp(0, Bins - 1).to(ScalarType.Int64)
            : zeros_like(finite, dtype: ScalarType.Int64);
        var counts = place.bincount(null, Bins).cpu().data<long>().ToArray();
        var grids = _quantizers.Select(q => Grid(q.Bits, q.Quantizer, tensor)).OfType<DistributionGrid>();
        return new TensorDistribution(Name, Kind, least, most, counts, [.. grids]);
    }

    /// <summary>A quantizer may have no grid, and a tensor with NaN no codes.</summary>
    private static DistributionGrid? Grid(int bits, Quantizer quantizer, Tensor tensor)
    {
        try
        {
            using var encoded = quantizer.Encode(tensor);
            return DistributionGrid.Of(bits, encoded.Grid);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
