using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Isolation;

/// <summary>
/// Parameters that no gradient is asked of for the life of this object: what is computed with them keeps nothing for a backward pass.
/// </summary>
/// <remarks>
/// Unlike <c>no_grad</c> this leaves a model, or a loss, free to compute gradients of its own, with respect to an input, say: TorchSharp's
/// <c>autograd.grad</c> ends the process where it is called without gradient.
/// </remarks>
internal sealed class FrozenParameters : IDisposable
{
    private readonly IDisposable _gradient = enable_grad();
    private readonly List<Parameter> _frozen;

    public FrozenParameters(IEnumerable<nn.Module> modules)
    {
        // A module that is only within reach may have been disposed.
        _frozen = modules.SelectMany(m => m.parameters()).Distinct<Parameter>(ReferenceEqualityComparer.Instance)
            .Where(p => !p.IsInvalid && p.requires_grad && p.is_leaf).ToList();
        _frozen.ForEach(p => p.requires_grad = false);
    }

    public void Dispose()
    {
        foreach (var parameter in _frozen.Where(p => !p.IsInvalid))
        {
            parameter.requires_grad = true;
        }

        _gradient.Dispose();
    }
}
