using AdaQat.Graph;

namespace AdaQat.Studies.Deploying;

/// <summary>Which trained networks are compared as ONNX files.</summary>
public sealed record OnnxStudyOptions
{
    /// <summary>The folders of finished runs of <c>train</c>.</summary>
    public EquatableList<string> Runs { get; init; } = [];

    /// <summary>The folder of CIFAR-10; null for the one that each run had.</summary>
    public string? Data { get; init; }

    /// <summary>How many test images are classified.</summary>
    public int Images { get; init; } = 10_000;

    /// <summary>CPU threads; null for as many as there are processors.</summary>
    public int? Threads { get; init; }
}
