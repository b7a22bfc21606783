using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Multi-head attention with its parameters registered on a module, under libtorch's names behind a prefix: libtorch's own module is
/// one native object, whose parameters all belong to the outermost.
/// </summary>
internal sealed class AttentionWeights
{
    private readonly nn.Module _module;
    private readonly string _prefix;
    private readonly long _heads;
    private readonly double _dropout;
    private readonly bool _addZeroAttention;

    public AttentionWeights(nn.Module module, string prefix, in AttentionShape shape)
    {
        (_module, _prefix, _heads, _dropout, _addZeroAttention) = (module, prefix, shape.Heads, shape.Dropout, shape.AddZeroAttention);
        var size = shape.Size;
        if (shape.HasOwnProjections)
        {
            Register("q_proj_weight", Xavier(size, size));
            Register("k_proj_weight", Xavier(size, shape.KeySize));
            Register("v_proj_weight", Xavier(size, shape.ValueSize));
        }
        else
        {
            Register("in_proj_weight", Xavier(3 * size, size));
        }

        if (shape.HasBias) Register("in_proj_bias", zeros(3 * size));
        if (shape.AddKeyValueBias)
        {
            Register("bias_k", nn.init.xavier_normal_(empty(1, 1, size)));
            Register("bias_v", nn.init.xavier_normal_(empty(1, 1, size)));
        }

        Register("out_proj.weight", nn.init.kaiming_uniform_(empty(size, size), Math.Sqrt(5)));
        if (shape.HasBias) Register("out_proj.bias", zeros(size));
    }

    /// <summary>The attention's result and the weights averaged over the heads; sequences come first, batches second.</summary>
    public (Tensor Output, Tensor Weights) Attend(Tensor query, Tensor key, Tensor value, Tensor keyPaddingMask, bool needWeights, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var (length, batch, size) = (query.shape[0], query.shape[1], query.shape[2]);
        var (q, k, v) = Project(query, key, value, size);
        if (Find("bias_k") is { } biasOfKeys)
        {
            k = cat([k, biasOfKeys.repeat(1, batch, 1)]);
            v = cat([v, Find("bias_v").repeat(1, batch, 1)]);
            (mask, keyPaddingMask) = (AppendColumn(mask), AppendColumn(keyPaddingMask));
        }

        (q, k, v) = (Heads(q * Math.Pow(size / _heads, -0.5)), Heads(k), Heads(v));
        if (_addZeroAttention)
        {
            k = cat([k, zeros_like(k.narrow(1, 0, 1))], 1);
            v = cat([v, zeros_like(v.narrow(1, 0, 1))], 1);
            (mask, keyPaddingMask) = (AppendColumn(mask), AppendColumn(keyPaddingMask));
        }

        var scores = q.bmm(k.transpose(1, 2));
        if (mask is not null) scores = Hide(scores, mask.dim() == 2 ? mask.unsqueeze(0) : mask);
        if (keyPaddingMask is not null)
        {
            var each = scores.view(batch, _heads, length, -1);
            scores = Hide(each, keyPaddingMask.to_type(ScalarType.Bool).unsqueeze(1).unsqueeze(2)).view(scores.shape);
        }

        var weights = nn.functional.dropout(scores.softmax(-1), _dropout, _module.training);
        var joined = weights.bmm(v).transpose(0, 1).contiguous().view(length, batch, size);
        var output = nn.functional.linear(joined, Find("out_proj.weight"), Find("out_proj.bias")).MoveToOuterDisposeScope();
        var average = needWeights ? weights.view(batch, _heads, length, -1).mean([1]).MoveToOuterDisposeScope() : null;
        return (output, average);
    }

    private (Tensor, Tensor, Tensor) Project(Tensor query, Tensor key, Tensor value, long size)
    {
        Tensor[] weights = Find("in_proj_weight") is { } fused
            ? fused.chunk(3)
            : [Find("q_proj_weight"), Find("k_proj_weight"), Find("v_proj_weight")];
        var biases = Find("in_proj_bias") is { } bias ? bias.split(size) : new Tensor[3];
        return (
            nn.functional.linear(query, weights[0], biases[0]),
            nn.functional.linear(key, weights[1], biases[1]),
            nn.functional.linear(value, weights[2], biases[2]));
    }

    /// <summary>From (length, batch, size) to (batch · heads, length, size of a head).</summary>
    private Tensor Heads(Tensor x) => x.contiguous().view(x.shape[0], x.shape[1] * _heads, x.shape[2] / _heads).transpose(0, 1);

    /// <summary>A boolean mask hides what it is true for; any other is added.</summary>
    private static Tensor Hide(Tensor scores, Tensor mask)
        => mask.dtype is ScalarType.Bool or ScalarType.Byte
            ? scores.masked_fill(mask.to_type(ScalarType.Bool), double.NegativeInfinity)
            : scores.add(mask);

    private static Tensor AppendColumn(Tensor mask) => mask is null ? null : nn.functional.pad(mask, [0, 1]);

    private static Tensor Xavier(long rows, long columns) => nn.init.xavier_uniform_(empty(rows, columns));

    private Parameter Find(string name) => NamedWeights.Find(_module, _prefix + name);

    private void Register(string name, Tensor value) => NamedWeights.Register(_module, _prefix + name, value);
}
