using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Spaces;

/// <summary>
/// Torch's generator goes on, at the end, from where it stood: models that are built to be looked at leave no trace in it.
/// </summary>
internal sealed class KeptRandom : IDisposable
{
    private readonly Tensor _state;

    public KeptRandom()
    {
        using var generator = Generator.Default;
        _state = generator.get_state().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        using var generator = Generator.Default;
        generator.set_state(_state);
        _state.Dispose();
    }
}
