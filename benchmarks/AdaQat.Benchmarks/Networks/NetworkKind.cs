using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Networks;

/// <summary>A network of ten classes, for 32×32 images of three channels unless it says otherwise.</summary>
/// <param name="Name">On the command line and in the JSON file.</param>
/// <param name="Title">For a person.</param>
/// <param name="Make">Makes one, with weights from torch's random state.</param>
public sealed record NetworkKind(string Name, string Title, Func<nn.Module<Tensor, Tensor>> Make)
{
    /// <summary>The shape of an input, without the batch.</summary>
    public IReadOnlyList<long> Input { get; init; } = [3, 32, 32];

    /// <summary>Whether Python/network.py has it too.</summary>
    public bool IsInPython { get; init; }
}
