using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>Says on which batch libtorch or TorchSharp failed, and what the batch is: their own messages know neither.</summary>
internal static class ToldFailures
{
    /// <summary>The model's output.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="which">Which one it is, as in "the training batch".</param>
    /// <exception cref="ArgumentException">The input is refused.</exception>
    public static Tensor Output(nn.Module<Tensor, Tensor> model, Batch batch, string which)
    {
        try
        {
            return model.call(batch.Input);
        }
        catch (Exception failure) when (IsOfTensors(failure))
        {
            throw Told($"The model fails on {which}", failure, (nameof(batch.Input), batch.Input));
        }
    }

    /// <summary>The loss of an output.</summary>
    /// <param name="loss">Computes it.</param>
    /// <param name="output">The model's output.</param>
    /// <param name="batch">The batch that it is of.</param>
    /// <param name="which">Which one it is.</param>
    /// <exception cref="ArgumentException">The target is refused.</exception>
    public static Tensor Loss(Func<Tensor, Tensor, Tensor> loss, Tensor output, Batch batch, string which) =>
        OfTarget(loss, output, batch, $"The loss fails on {which}");

    /// <summary>What is counted in an output.</summary>
    /// <param name="count">Counts.</param>
    /// <param name="output">The model's output.</param>
    /// <param name="batch">The batch that it is of.</param>
    /// <param name="which">Which one it is.</param>
    /// <exception cref="ArgumentException">The target is refused.</exception>
    public static double Count(Func<Tensor, Tensor, double> count, Tensor output, Batch batch, string which) =>
        OfTarget(count, output, batch, $"Counting what is right fails on {which}");

    private static T OfTarget<T>(Func<Tensor, Tensor, T> make, Tensor output, Batch batch, string what)
    {
        try
        {
            return make(output, batch.Target);
        }
        catch (Exception failure) when (IsOfTensors(failure))
        {
            throw Told(
                what, failure, (nameof(batch.Input), batch.Input), ("Output", output), (nameof(batch.Target), batch.Target));
        }
    }

    /// <summary>
    /// What libtorch or TorchSharp itself refuses; not what the user's own code does, and a machine without memory left is no matter of
    /// types and shapes.
    /// </summary>
    private static bool IsOfTensors(Exception failure) =>
        (failure is ExternalException or ArgumentException { Source: "TorchSharp" })
        && !failure.Message.Contains("memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>libtorch's message goes on with its native stack, which nobody training a model can read.</summary>
    private static ArgumentException Told(string what, Exception failure, params ReadOnlySpan<(string Name, Tensor Tensor)> tensors)
    {
        var said = new List<string>();
        foreach (var (name, tensor) in tensors)
        {
            said.Add($"{name} {tensor.dtype} [{string.Join(", ", tensor.shape)}]");
        }

        return new ArgumentException($"{what}, {string.Join(", ", said)}: {failure.Message.Split('\n')[0]}", failure);
    }
}
