using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>The generators that a model draws its dropout masks from, on the devices where it is.</summary>
internal sealed class ModelRandom(nn.Module model, IReadOnlyList<IRandomSource> sources)
{
    /// <summary>Those that serve the model now: it may be moved.</summary>
    public IEnumerable<IRandomSource> Serving => sources.Where(s => s.Serves(model));

    /// <summary>Whether what a device draws can be repeated: TorchSharp 0.107 has no seed for the others.</summary>
    public static bool CanRepeatOn(DeviceType device) => device is DeviceType.CPU or DeviceType.CUDA;

    public static ModelRandom Of(nn.Module model) => new(model, [new CpuRandom(), SeededRandom.Cuda()]);

    /// <summary>The same generators, for a model that this one is a part of.</summary>
    public ModelRandom For(nn.Module whole) => new(whole, sources);

    /// <summary>Marks a point of all of them, from which they can be repeated.</summary>
    public RandomState Capture() => new(Serving.Select(s => (s, s.Mark())));

    /// <summary>Marks a point to go on from after something that is to leave no trace.</summary>
    public RandomState Pause() => new(Serving.Select(s => (s, s.Pause())));

    /// <summary>A step of a run begins.</summary>
    public void BeginStep(long step)
    {
        foreach (var source in Serving)
        {
            source.BeginStep(step);
        }
    }
}
