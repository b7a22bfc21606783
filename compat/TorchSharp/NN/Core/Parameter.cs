using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module registers as its parameter when a field holds it.</summary>
public class Parameter : Tensor
{
    /// <summary>
    /// Takes over the native tensor, and with it its graph, so that a gradient flows on to whatever it was computed from;
    /// <paramref name="data"/> is empty afterwards.
    /// </summary>
    public Parameter(Tensor data, bool requires_grad = true) : base(data.with_requires_grad(requires_grad))
    {
    }
}
