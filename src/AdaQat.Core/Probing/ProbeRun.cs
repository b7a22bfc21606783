using AdaQat.Isolation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// The extra forwards of one step: in training mode, without gradient, with the dropout masks of the step's own forward, and without a
/// trace in buffers, random state, gradients or weights.
/// </summary>
internal sealed class ProbeRun(nn.Module model, ForwardRecord forwards, Func<Tensor> loss) : IDisposable
{
    private readonly ForwardIsolation _isolation = new(model, forwards.Random);

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
        finally
        {
            forwards.EndProbe();
        }
    }
}
