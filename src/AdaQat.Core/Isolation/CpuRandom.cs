using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>Torch's default generator, whose state can be read and set: a mark is the state, and leaves it as it is.</summary>
internal sealed class CpuRandom : IRandomSource
{
    public string Name => "random";

    public bool Serves(nn.Module model) => true;

    public Tensor Mark()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public Tensor Pause() => Mark();

    public void Repeat(Tensor mark)
    {
        using var generator = Generator.Default;
        generator.set_state(mark);
    }

    public void Resume(Tensor mark) => Repeat(mark);

    /// <summary>The stream goes on as it is: a step follows from those before it.</summary>
    public void BeginStep(long step)
    {
    }
}
