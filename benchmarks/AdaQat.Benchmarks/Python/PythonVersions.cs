namespace AdaQat.Benchmarks.Python;

/// <summary>What steps.py says of itself.</summary>
public sealed record PythonVersions(string Python, string Torch);
