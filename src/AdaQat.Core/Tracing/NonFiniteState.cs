using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Tracing;

/// <summary>Finds parameters and buffers that hold NaN or infinity, with which training cannot go well.</summary>
internal static class NonFiniteState
{
    public static IEnumerable<QuantizationWarning> WarningsOf(nn.Module model)
    {
        using var guard = no_grad();
        var parameters = model.named_parameters().Select(p => (p.name, Tensor: (Tensor)p.parameter));
        foreach (var (name, tensor) in parameters.Concat(model.named_buffers()))
        {
            using var scope = NewDisposeScope();
            if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
            {
                var dot = name.LastIndexOf('.');
                yield return new QuantizationWarning(name,
                    $"'{name[(dot + 1)..]}' of {(dot < 0 ? "the model" : $"layer '{name[..dot]}'")} holds NaN or infinity: training "
                    + "will not recover from it. "
                    + "TorchSharp 0.107 leaves the weight and bias of GroupNorm uninitialised; set them before training.");
            }
        }
    }
}
