using AdaQat.Recording;
using static TorchSharp.torch;

namespace AdaQat.Capture;

/// <summary>Modules of a model by name.</summary>
internal static class ModuleNames
{
    /// <summary>Those that have modules below them, quantizers aside.</summary>
    public static IReadOnlySet<string> Containers(nn.Module model) => CallMarks.Modules(model)
        .Where(m => m.Module.children().Any(child => child is not Quantizer)).Select(m => m.Name).ToHashSet();
}
