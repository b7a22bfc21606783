using System.Globalization;
using AdaQat.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>Whether the forwards of probes draw the dropout masks of the forward that trains.</summary>
internal static class ProbeMasks
{
    public static string Check()
    {
        using var model = new DeviceNetwork(dropout: 0.5);
        model.to(CUDA);
        using var example = DeviceNetwork.Batch(CUDA, 1).Input;
        using var quantized = QuantizedModel.Attach(model, example);
        var widths = new BitWidthOptimizer(quantized, BitWidthOptimizerOptions.ExactSchedule with { TotalSteps = 1000 });
        using var weights = optim.SGD(quantized.Parameters(), 0.01);
        var masks = new List<string>();
        var dropout = model.named_modules().Single(m => m.name.EndsWith("dropout", StringComparison.Ordinal)).module;
        using var hook = new MaskHook((nn.Module<Tensor, Tensor>)dropout, masks);
        var (repeated, probed, earlier) = (0, 0, new HashSet<string>());
        for (var step = 0; step < 8; step++)
        {
            using var scope = NewDisposeScope();
            masks.Clear();
            weights.zero_grad();
            var loss = DeviceNetwork.Loss(model, CUDA, step);
            loss.backward();
            widths.Step(loss, () => DeviceNetwork.Loss(model, CUDA, step));
            weights.step();
            probed += masks.Count - 1;
            repeated += masks.Skip(1).Count(mask => mask == masks[0]);
            earlier.Add(masks[0]);
        }

        return probed > 0 && repeated == probed && earlier.Count == 8
            ? string.Create(CultureInfo.InvariantCulture, $"{repeated} of {probed}, and each step's are new.")
            : throw new InvalidOperationException($"{repeated} of {probed} forwards of probes; {earlier.Count} of 8 steps' are new.");
    }

    /// <summary>Notes where a dropout's outputs are zero.</summary>
    private sealed class MaskHook : IDisposable
    {
        private readonly Action _remove;

        public MaskHook(nn.Module<Tensor, Tensor> dropout, List<string> masks)
        {
            var hook = dropout.register_forward_hook((_, _, output) =>
            {
                using var kept = output.detach().ne(0).cpu();
                masks.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(kept.bytes)));
                return output;
            });
            _remove = hook.remove;
        }

        public void Dispose() => _remove();
    }
}
