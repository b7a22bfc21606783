using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>The modules that a closure calls: the attached one, those that a user named, and those that it can come to by itself.</summary>
internal sealed class CalledModules(QuantizedModel attached)
{
    private readonly List<nn.Module> _named = [];
    private readonly ReachableModules _reachable = new();

    /// <summary>Tells of one that cannot be found.</summary>
    public void Add(nn.Module module) => _named.Add(module);

    /// <summary>All of them; the same one may be there twice, and as a part of another.</summary>
    public IReadOnlyList<nn.Module> By(Func<Tensor> closure) => [attached.Whole, .. _named, .. _reachable.Of(closure)];
}
