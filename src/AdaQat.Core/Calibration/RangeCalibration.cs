using AdaQat.Attaching;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Forwards in float whose layer inputs are sampled, and quantizers that then start from the samples.</summary>
internal static class RangeCalibration
{
    public static void Run(nn.Module model, IReadOnlyList<SharedInput> inputs, Action forwards)
    {
        try
        {
            foreach (var input in inputs)
            {
                input.Sample = new InputSample();
            }

            using (new EvaluationMode(model))
            using (new ForwardIsolation(model))
            {
                forwards();
            }

            Start(inputs);
        }
        finally
        {
            foreach (var input in inputs)
            {
                input.Sample?.Dispose();
                input.Sample = null;
                input.Forget();
            }
        }
    }

    /// <summary>After the isolation, which would put the quantizers' buffers back. An input that no forward reached is left to the first one that does.</summary>
    private static void Start(IReadOnlyList<SharedInput> inputs)
    {
        var wasReached = false;
        using var guard = no_grad();
        foreach (var input in inputs)
        {
            using var sample = input.Sample!.Whole();
            if (sample is not null)
            {
                input.Quantizer.Calibrate(sample);
                wasReached = true;
            }
        }

        if (!wasReached)
        {
            throw new ArgumentException("There is nothing to calibrate with: no batch reached a quantized layer; at least one is needed.");
        }
    }
}
