using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>A copy that moves as many bytes as a pass over given arrays does: torch's own, on all of its threads.</summary>
internal sealed class CopyYardstick : IDisposable
{
    private readonly Tensor _source;
    private readonly Tensor _target;

    /// <param name="elements">float32 elements of one array.</param>
    /// <param name="arrays">How many arrays are read or written; a copy by itself reads one and writes one.</param>
    public CopyYardstick(long elements, int arrays)
    {
        var count = elements * arrays / 2;
        (_source, _target) = (rand(count), zeros(count));
    }

    /// <summary>Into memory that is there already.</summary>
    public void Copy() => _target.copy_(_source);

    /// <summary>Into memory that is asked for, as every result's is.</summary>
    public void Clone() => _source.clone().Dispose();

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }
}
