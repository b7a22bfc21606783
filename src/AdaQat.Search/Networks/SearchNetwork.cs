using AdaQat.Search.Spaces;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// The network of a search: the user's model at the widest candidates, quantized, with hooks that let it compute with fewer channels, and
/// what the search has of its own, α and the batch normalisations of narrower candidates.
/// </summary>
internal sealed class SearchNetwork : nn.Module
{
    private readonly List<NarrowLayer> _layers = [];
    private readonly List<NarrowNorm> _norms = [];
    private readonly List<Parameter> _alphas = [];
    private readonly Device _device;

    /// <param name="space">What can vary.</param>
    /// <param name="candidates">For each group its numbers of channels, ascending.</param>
    /// <param name="example">An input.</param>
    /// <param name="scheme">How it is quantized; null for float.</param>
    /// <param name="mixing">How two candidates are put together.</param>
    public SearchNetwork(
        SearchSpace space, IReadOnlyList<IReadOnlyList<int>> candidates, Tensor example, QuantizationScheme? scheme,
        ChannelMixing mixing = ChannelMixing.Interpolate)
        : base(nameof(SearchNetwork))
    {
        using var lasting = inference_mode(false);
        (Space, Widths) = (space, new CandidateWidths(space, candidates, mixing));
        Model = space.Build([.. candidates.Select(numbers => numbers[^1])]);
        NetworkBuilder.MoveTo(Model, example.device);
        _device = example.device;
        register_module("model", Model);
        Quantized = scheme is null ? null : QuantizedModel.Attach(Model, example, scheme).PartOf(this);
        foreach (var (place, choices) in candidates.Index())
        {
            _alphas.Add(new Parameter(zeros(choices.Count, dtype: ScalarType.Float64).DetachFromDisposeScope()));
            register_parameter(FormattableString.Invariant($"alpha_{place}"), _alphas[place]);
        }

        SetHooks();
    }

    public SearchSpace Space { get; }

    public CandidateWidths Widths { get; }

    public nn.Module<Tensor, Tensor> Model { get; }

    public QuantizedModel? Quantized { get; }

    /// <summary>What went wrong in backward passes.</summary>
    public BackwardFaults Faults { get; } = new();

    /// <summary>
    /// α of each group, a number for each candidate, on the CPU and in 64 bits: they are few, and learned in small steps.
    /// </summary>
    public IReadOnlyList<Parameter> Alphas => _alphas;

    /// <summary>What the optimizer of the weights moves, by name: all parameters but α.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Weights() =>
        named_parameters().Where(p => !_alphas.Exists(alpha => ReferenceEquals(alpha, p.parameter)));

    /// <summary>What the candidates of a batch normalisation have of it, but the widest, by the module's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CandidateNorm>> NarrowerNorms { get; private set; } = null!;

    /// <summary>Under which name the search has what a candidate has of a batch normalisation.</summary>
    public static string NormName(string norm, int candidate) =>
        FormattableString.Invariant($"{norm.Replace('.', '/')}_{candidate}");

    /// <summary>The candidate of each group that α prefers; of several the widest.</summary>
    public IReadOnlyList<int> Preferred() => [.. _alphas.Select(alpha =>
    {
        var values = alpha.data<double>().ToArray();
        return Array.LastIndexOf(values, values.Max());
    })];

    /// <summary>Computes with these from now on.</summary>
    public void Draw(IReadOnlyList<ChannelDraw> draws)
    {
        _layers.ForEach(layer => layer.PutBack());
        _norms.ForEach(norm => norm.PutBack());
        Widths.Draws = _device.type == DeviceType.CPU
            ? draws : [.. draws.Select(draw => draw with { Weights = draw.Weights?.to(_device) })];
    }

    /// <summary>Computes with one candidate of each group from now on.</summary>
    public void Choose(IEnumerable<int> candidates) => Draw([.. candidates.Select(ChannelDraw.Of)]);

    /// <summary>Takes hooks and quantizers off the model.</summary>
    public void Detach()
    {
        _layers.ForEach(layer => layer.Dispose());
        _norms.ForEach(norm => norm.Dispose());
        _layers.Clear();
        _norms.Clear();
        Quantized?.Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Detach();
        }

        base.Dispose(disposing);
    }

    private void SetHooks()
    {
        var quantized = Quantized?.Layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal) ?? [];
        var narrower = new Dictionary<string, IReadOnlyList<CandidateNorm>>(StringComparer.Ordinal);
        foreach (var (name, module) in Model.named_modules().Where(m => Space.Narrowed.Contains(m.name)).ToList())
        {
            if (module is BatchNorm norm)
            {
                var rule = Rule(name);
                var candidates = Enumerable.Range(0, Widths.CountOf(rule) - 1)
                    .Select(candidate => new CandidateNorm(norm, Widths.SizeAt(rule, candidate))).ToList();
                narrower[name] = candidates;
                foreach (var (place, candidate) in candidates.Index())
                {
                    register_module(NormName(name, place), candidate);
                }

                _norms.Add(new NarrowNorm(name, norm, rule, Widths, candidates, Faults));
            }
            else
            {
                _layers.Add(new NarrowLayer(
                    name, (nn.Module<Tensor, Tensor>)module, Space, Widths, quantized.GetValueOrDefault(name)));
            }
        }

        NarrowerNorms = narrower;
    }

    /// <summary>How the channels of a batch normalisation follow: those of whatever it has.</summary>
    private SizeRule Rule(string norm) => new[] { nameof(NormBase.weight), nameof(NormBase.running_mean) }
        .Select(name => $"{norm}.{name}").Where(Space.Has).Select(name => Space.RulesOf(name)[0]).First();
}
