using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A table of vectors that indices pick from.</summary>
public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private static readonly Op Lookup = new("aten::embedding");
    private static readonly Op Renormalize = new("aten::embedding_renorm_");

    private readonly long _paddingIndex;
    private readonly double? _maxNorm;
    private readonly double _normType;
    private readonly bool _scaleGradByFreq;
    private readonly bool _sparse;
    private Parameter _weight;

    internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
        : base(nameof(Embedding))
    {
        // The operator counts from the front and takes -1 for "none".
        _paddingIndex = padding_idx is { } index ? (index < 0 ? index + weight.shape[0] : index) : -1;
        _maxNorm = max_norm;
        _normType = norm_type;
        _scaleGradByFreq = scale_grad_by_freq;
        _sparse = sparse;
        this.weight = weight;
    }

    public Parameter weight
    {
        get => _weight;
        set
        {
            if (value.Handle == _weight?.Handle) return;
            _weight?.Dispose();
            _weight = value.DetachFromDisposeScope() as Parameter;
            ConditionallyRegisterParameter(nameof(weight), _weight);
        }
    }

    public override Tensor forward(Tensor input)
    {
        if (_maxNorm is { } norm)
        {
            using var contiguous = input.contiguous();
            using var _ = no_grad();
            Renormalize.CallInPlace(_weight, contiguous, norm, _normType);
        }
        return Lookup.Call(_weight, input, _paddingIndex, _scaleGradByFreq, _sparse);
    }

    /// <summary>A new table: normally distributed, the padding's vector zero.</summary>
    internal static Parameter NewWeight(long num_embeddings, long embedding_dims, long? padding_idx, Device device, ScalarType? dtype)
    {
        var weight = nn.Parameter(empty(num_embeddings, embedding_dims, dtype: dtype, device: device));
        nn.init.normal_(weight);
        if (padding_idx is not { } index) return weight;
        using (no_grad())
        {
            using var row = weight.select(0, index);
            row.zero_();
        }
        return weight;
    }
}
