namespace AdaQat.Tests.Support;

/// <summary>A fact that needs Node.js and the packages of samples/OnnxPage; skipped, and said, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodePageFactAttribute : FactAttribute
{
    public NodePageFactAttribute()
    {
        var hasNode = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "node")));
        if (!hasNode || !Directory.Exists(Path.Combine(Repository.Root, "samples", "OnnxPage", "node_modules", "onnxruntime-node")))
        {
            Skip = "There is no node, or 'npm install --ignore-scripts' was not run in samples/OnnxPage.";
        }
    }
}
