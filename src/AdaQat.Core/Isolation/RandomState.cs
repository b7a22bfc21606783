using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>A copy of the state of torch's default generator, from which dropout draws its masks.</summary>
internal sealed class RandomState : IDisposable
{
    private readonly Tensor _state;

    private RandomState(Tensor state) => _state = state;

    public static RandomState Capture()
    {
        using var generator = Generator.Default;
        return new RandomState(generator.get_state().DetachFromDisposeScope());
    }

    public void Restore()
    {
        using var generator = Generator.Default;
        generator.set_state(_state);
    }

    public void Dispose() => _state.Dispose();
}
