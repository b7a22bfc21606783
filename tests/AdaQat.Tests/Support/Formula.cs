using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>The quantizers' formulas, operator by operator.</summary>
internal static class Formula
{
    /// <summary>DoReFa with tanh and the scale preserved: ŵ = c·(2·q_k(u) − 1), u = t/(2·max|t|) + 1/2, t = tanh(w).</summary>
    public static Tensor Weight(Tensor weight, int bits)
    {
        using var scope = NewDisposeScope();
        var steps = Math.Pow(2, bits) - 1;
        var t = weight.detach().tanh();
        var u = (t / (2 * t.abs().max())) + 0.5;
        var c = weight.detach().abs().mean() / ((2 * u) - 1).abs().mean();
        return (c * ((2 * ((u * steps).round() / steps)) - 1)).MoveToOuterDisposeScope();
    }

    /// <summary>PACT: x̂ = (α/s)·round(clip(x, 0, α)·s/α), or symmetric around zero with 2^(k−1) − 1 steps on either side.</summary>
    public static Tensor Activation(Tensor input, double alpha, int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var steps = Math.Pow(2, isSigned ? bits - 1 : bits) - 1;
        var clipped = input.detach().clamp(isSigned ? -alpha : 0, alpha);
        return ((clipped * (steps / alpha)).round() * (alpha / steps)).MoveToOuterDisposeScope();
    }
}
