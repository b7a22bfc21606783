using AdaQat.Search.Spaces;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// The hooks on a convolution or linear layer: for the time of a call it computes with the first so many channels of its weight, and where
/// no batch normalisation follows, two candidates are mixed at its output.
/// </summary>
internal sealed class NarrowLayer : IDisposable
{
    private readonly string _name;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly LayerFields _fields;
    private readonly CandidateWidths _widths;
    private readonly QuantizedLayer? _quantized;
    private readonly SizeRule _output;
    private readonly SizeRule[] _sizes;
    private readonly SizeRule? _groups;
    private readonly (long Input, long Groups) _channels;
    private readonly bool _mixes;
    private readonly Action _removeHooks;
    private Parameter? _weight;
    private Parameter? _bias;

    /// <param name="name">Its name in the model.</param>
    /// <param name="module">The layer.</param>
    /// <param name="space">What follows from which channels.</param>
    /// <param name="widths">The candidates in force.</param>
    /// <param name="quantized">The layer as quantized; null for one in float.</param>
    public NarrowLayer(
        string name, nn.Module<Tensor, Tensor> module, SearchSpace space, CandidateWidths widths, QuantizedLayer? quantized)
    {
        (_name, _module, _widths, _quantized, _fields) = (name, module, widths, quantized, LayerFields.Of(module));
        (_sizes, _channels) = (space.RulesOf(WeightName), _fields.Channels);
        _output = _sizes[IsTransposed ? 1 : 0];
        _groups = module is Convolution ? space.RulesOf(name + ModelShapes.Groups)[0] : null;
        _mixes = space.Mixing.Contains(name);
        if (quantized is not null)
        {
            quantized.WeightView = weight => _widths.ActivePart(WeightName, weight);
        }

        var before = module.register_forward_pre_hook((_, input) => Before(input));
        var after = module.register_forward_hook((_, _, output) => After(output));
        _removeHooks = () =>
        {
            before.remove();
            after.remove();
        };
    }

    private bool IsTransposed => _module is Convolution { transposed: true };

    private string WeightName => $"{_name}.weight";

    /// <summary>Puts everything back; needed where a forward threw, since TorchSharp runs no post-hook then.</summary>
    public void PutBack()
    {
        if (_weight is not null)
        {
            _fields.Weight = _module.get_parameter("weight")!;
            _weight.Dispose();
            _weight = null;
        }

        if (_bias is not null)
        {
            _fields.Bias = _module.get_parameter("bias")!;
            _bias.Dispose();
            _bias = null;
        }

        _fields.Channels = _channels;
    }

    public void Dispose()
    {
        PutBack();
        _removeHooks();
        if (_quantized is not null)
        {
            _quantized.WeightView = null;
        }
    }

    private Tensor Before(Tensor input)
    {
        PutBack();
        if (_quantized is null)
        {
            _weight = Lent(WeightName, "weight");
            _fields.Weight = _weight ?? _fields.Weight;
        }

        _bias = _module.get_parameter("bias") is null ? null : Lent($"{_name}.bias", "bias");
        _fields.Bias = _bias ?? _fields.Bias;
        if (_groups is not null)
        {
            // A weight has the input channels of one group; transposed, those of all.
            var groups = _groups.Key is null ? _channels.Groups : _widths.Active(_groups);
            _fields.Channels = (IsTransposed ? _widths.Active(_sizes[0]) : _widths.Active(_sizes[1]) * groups, groups);
        }

        return input;
    }

    private Parameter? Lent(string name, string parameter)
    {
        var full = _module.get_parameter(parameter)!;
        var part = _widths.ActivePart(name, full);
        return ReferenceEquals(part, full) ? null : new Parameter(part, part.requires_grad);
    }

    private Tensor After(Tensor output)
    {
        PutBack();
        if (!_mixes || _widths.DrawOf(_output) is not { IsPair: true } draw)
        {
            return output;
        }

        var axis = (int)output.dim() - 1 - (_module is Convolution convolution ? convolution.kernel_size.Length : 0);
        using var narrow = output.narrow(axis, 0, _widths.SizeAt(_output, draw.Low));
        var mixed = Mixture.Of(narrow, output, axis, draw.Weights!, _widths.Mixing);
        output.Dispose();
        return mixed;
    }
}
