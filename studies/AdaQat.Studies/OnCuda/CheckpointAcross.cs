using AdaQat.Quantizers;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>
/// A checkpoint that a run on the GPU saved, resumed on the CPU: the same weights, on the same grid but for the last bit of tanh.
/// </summary>
internal static class CheckpointAcross
{
    public static string Check()
    {
        var path = Path.Combine(Path.GetTempPath(), $"across-{Environment.ProcessId}.ckpt");
        using var model = new DeviceNetwork();
        model.to(CUDA);
        using var example = DeviceNetwork.Batch(CUDA, 1).Input;
        using var quantized = QuantizedModel.Attach(model, example);
        using var weights = optim.SGD(quantized.Parameters(), 0.05, momentum: 0.9);
        for (var step = 0; step < 5; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            DeviceNetwork.Loss(model, CUDA, step).backward();
            weights.step();
        }

        Checkpoint.Save(path, quantized, weights);
        using var other = new DeviceNetwork();
        using var here = DeviceNetwork.Batch(CPU, 1).Input;
        using var resumed = QuantizedModel.Attach(other, here);
        using var otherWeights = optim.SGD(resumed.Parameters(), 0.05, momentum: 0.9);
        Checkpoint.Resume(path, resumed, otherWeights);
        File.Delete(path);
        if (model.parameters().Zip(other.parameters(), (there, mine) => there.cpu().equal(mine).all().item<bool>()).Contains(false))
        {
            throw new InvalidOperationException("parameters differ.");
        }

        foreach (var (there, mine) in quantized.Layers.Zip(resumed.Layers))
        {
            using var scope = NewDisposeScope();
            if (!there.QuantizedWeight().cpu().allclose(mine.QuantizedWeight(), rtol: 1e-5, atol: 1e-6))
            {
                throw new InvalidOperationException($"the weights of '{mine.Name}' differ.");
            }
        }

        return "all weights are the same, and quantized to the same values.";
    }
}
