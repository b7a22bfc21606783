using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Batches for a calibration, each looked at before the model is run on it.</summary>
internal static class CalibrationBatches
{
    /// <summary>A forward on each of <paramref name="batches"/>, which stay the caller's.</summary>
    public static IEnumerable<Action> Forwards(nn.Module<Tensor, Tensor> model, IEnumerable<Tensor> batches)
    {
        var index = 0;
        foreach (var batch in batches)
        {
            var place = index++;
            yield return () => Run(model, batch, place, nameof(batches));
        }
    }

    /// <summary>Refuses a batch that says nothing about inputs.</summary>
    /// <exception cref="ArgumentException">It is null, empty, or holds NaN or infinity; the message says which, and where.</exception>
    public static void Require(Tensor? batch, int index, string name)
    {
        if (batch is null || batch.dim() == 0 || batch.numel() == 0)
        {
            throw new ArgumentException(
                $"Batch {index} (counted from 0) is {(batch is null ? "null" : $"empty, of shape [{string.Join(", ", batch.shape)}]")}; "
                + "a batch needs at least one element.", name);
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var isFinite = batch.detach().isfinite().reshape(batch.shape[0], -1).all(1);
        if (!isFinite.all().item<bool>())
        {
            var faulty = isFinite.logical_not().to(ScalarType.Int64);
            throw new ArgumentException(
                $"Batch {index} (counted from 0) holds NaN or infinity in {faulty.sum().item<long>()} of its {batch.shape[0]} elements, "
                + $"first in element {faulty.argmax().item<long>()} (counted from 0); ranges are taken from finite data.", name);
        }
    }

    /// <summary>A forward on a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="name">The name of the argument that it is of, for errors.</param>
    /// <param name="look">Shown the output.</param>
    /// <exception cref="ArgumentException">The batch says nothing, or the model does not take it; the message says which it is.</exception>
    public static void Run(nn.Module<Tensor, Tensor> model, Tensor batch, int index, string name, Action<Tensor>? look = null)
    {
        Require(batch, index, name);
        using var scope = NewDisposeScope();
        try
        {
            var output = model.call(batch);
            look?.Invoke(output);
        }
        catch (Exception fault) when (fault is ExternalException or ArgumentException)
        {
            throw new ArgumentException(
                $"The model cannot take batch {index} (counted from 0), of shape [{string.Join(", ", batch.shape)}]: {fault.Message}",
                name, fault);
        }
    }
}
