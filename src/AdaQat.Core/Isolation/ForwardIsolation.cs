using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// Forwards that leave no trace: no parameter gets a gradient, and afterwards the modules' buffers (batch-norm statistics among them) and
/// the random state are, to the bit, what they were. A device's generator that cannot be read goes on from where this began.
/// </summary>
internal sealed class ForwardIsolation : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly FrozenParameters _frozen;
    private readonly List<(nn.Module Module, Dictionary<string, Tensor> Buffers)> _saved;
    private readonly List<IIsolated> _told;
    private readonly bool _sparesUnchanged;
    private readonly RandomState _random;

    public ForwardIsolation(nn.Module model)
        : this([model], ModelRandom.Of(model))
    {
    }

    /// <param name="modules">What takes part in the forwards.</param>
    /// <param name="random">The generators that they draw from.</param>
    /// <param name="sparesUnchanged">
    /// Whether buffers that hold what they held are not written to, at the price of a look at each: for a backward pass that still needs
    /// them, writing the same values is a change.
    /// </param>
    public ForwardIsolation(IReadOnlyList<nn.Module> modules, ModelRandom random, bool sparesUnchanged = false)
    {
        _sparesUnchanged = sparesUnchanged;
        _scope = NewDisposeScope();
        var outermost = Outermost(modules);
        using (no_grad())
        {
            _saved = outermost.ConvertAll(m => (m, BuffersOf(m).ToDictionary(b => b.name, b => b.buffer.clone())));
        }

        _random = random.Pause();
        _frozen = new FrozenParameters(outermost);
        _told = outermost.SelectMany(m => m.named_modules().Select(part => part.module).Prepend(m)).OfType<IIsolated>()
            .Distinct<IIsolated>(ReferenceEqualityComparer.Instance).ToList();
        _told.ForEach(t => t.BeginIsolation());
    }

    public void Dispose()
    {
        _told.ForEach(t => t.EndIsolation());
        _frozen.Dispose();
        using var noGradient = no_grad();
        foreach (var (module, buffers) in _saved)
        {
            foreach (var (name, buffer) in BuffersOf(module))
            {
                if (buffers.TryGetValue(name, out var saved) && !(_sparesUnchanged && buffer.Equals(saved)))
                {
                    buffer.copy_(saved);
                }
            }
        }

        _random.Restore();
        _random.Dispose();
        _scope.Dispose();
    }

    /// <summary>The modules without those that are parts of others of them.</summary>
    private static List<nn.Module> Outermost(IReadOnlyList<nn.Module> modules)
    {
        var parts = modules.SelectMany(m => m.named_modules().Select(part => part.module).Where(part => !ReferenceEquals(part, m)))
            .ToHashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        return modules.Where(m => !parts.Contains(m)).Distinct<nn.Module>(ReferenceEqualityComparer.Instance).ToList();
    }

    /// <summary>A module that is only within reach may have been disposed.</summary>
    private static IEnumerable<(string name, Tensor buffer)> BuffersOf(nn.Module module) =>
        module.named_buffers().Where(b => b.buffer is { IsInvalid: false });
}
