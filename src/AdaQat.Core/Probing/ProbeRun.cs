using System.Runtime.InteropServices;
using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// The extra forwards of one step: in training mode, without gradients of parameters, with the dropout masks of the step's own forward, and
/// without a trace in random state, gradients, weights or buffers, those of all modules that the loss goes through.
/// </summary>
internal sealed class ProbeRun(CalledModules modules, ForwardRecord forwards, Func<Tensor> loss) : IDisposable
{
    private readonly ForwardIsolation _isolation = new(modules.By(loss), forwards.Random);

    /// <summary>The loss with <paramref name="width"/> at <paramref name="bits"/>, all else as it is.</summary>
    public double LossAt(BitWidth width, int bits)
    {
        using var probe = width.At(bits);
        return Loss();
    }

    /// <summary>The loss again, all as it is.</summary>
    public double Loss()
    {
        var value = Compute();
        return forwards.Repeated() ? value : Compute();
    }

    public void Dispose() => _isolation.Dispose();

    private double Compute()
    {
        forwards.BeginProbe();
        try
        {
            using var scope = NewDisposeScope();
            return ScalarLoss.Value(loss());
        }
        catch (ExternalException failure) when (failure.Message.Contains("does not require grad", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "The closure calls backward() on the loss: it must only compute the loss again and return it, without zero_grad(), "
                + "backward() and step().", failure);
        }
        finally
        {
            forwards.EndProbe();
        }
    }
}
