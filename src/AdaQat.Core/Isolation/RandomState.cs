using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>Where the generators of a model stood.</summary>
internal sealed class RandomState(IEnumerable<(IRandomSource Source, Tensor Mark)> marks) : IDisposable
{
    private readonly List<(IRandomSource Source, Tensor Mark)> _marks =
        marks.Select(m => (m.Source, m.Mark.DetachFromDisposeScope())).ToList();

    /// <summary>They go on from there.</summary>
    public void Restore() => _marks.ForEach(m => m.Source.Repeat(m.Mark));

    public void Dispose() => _marks.ForEach(m => m.Mark.Dispose());
}
