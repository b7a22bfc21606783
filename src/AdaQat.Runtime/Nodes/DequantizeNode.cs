using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Integers become floats: y = fl32(fl64(fl64(integer · scale) + bias)), with a scale and a bias for all channels or for each.
/// </summary>
public sealed class DequantizeNode : IntegerNode
{
    private readonly double[] _scales;
    private readonly double[] _biases;

    /// <summary>A change to floats.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">A value that holds codes or integers.</param>
    /// <param name="scales">One, or one for each channel (the last axis); finite.</param>
    /// <param name="biases">As many; finite.</param>
    /// <exception cref="IntegerModelException">The input holds floats, or the numbers are not as said.</exception>
    public DequantizeNode(string name, IntegerNode input, ReadOnlySpan<double> scales, ReadOnlySpan<double> biases)
        : base(name, [Whole(name, input)], input.Shape, new Floats())
    {
        var channels = input.Shape.Rank == 0 ? 1 : input.Shape[input.Shape.Rank - 1];
        if ((scales.Length != 1 && scales.Length != channels) || biases.Length != scales.Length)
        {
            throw Fault($"it has {scales.Length} scales and {biases.Length} biases; allowed are 1 of each and {channels} of each.");
        }

        _scales = scales.ToArray();
        _biases = biases.ToArray();
        if (!_scales.All(double.IsFinite) || !_biases.All(double.IsFinite))
        {
            throw Fault("a scale or a bias is not finite.");
        }
    }

    /// <summary>One scale, or one for each channel.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>One bias, or one for each channel.</summary>
    public ReadOnlySpan<double> Biases => _biases;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var x = inputs[0];
        var y = output.Floats;
        for (var i = 0; i < y.Length; i++)
        {
            var channel = _scales.Length == 1 ? 0 : i % _scales.Length;
            var product = x.Integer(i) * _scales[channel];
            y[i] = (float)(product + _biases[channel]);
        }
    }
}
