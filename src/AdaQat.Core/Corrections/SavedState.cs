using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Corrections;

/// <summary>Parameters, buffers and quantizers as they were before a correction wrote to them.</summary>
/// <remarks>They are found again by their names: a model that was moved since holds other tensors.</remarks>
internal sealed class SavedState : IDisposable
{
    private readonly List<(nn.Module Module, string Name, Tensor Value)> _tensors = [];
    private readonly List<(Quantizer Quantizer, QuantizerState State)> _quantizers = [];

    /// <summary>Writes to a parameter or buffer, whose first value is kept.</summary>
    /// <param name="module">The module that has it.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="value">What it becomes, in any type.</param>
    public void Write(nn.Module module, string name, Tensor value)
    {
        using var guard = no_grad();
        Save(module, name);
        Find(module, name).copy_(value);
    }

    /// <summary>Keeps a parameter or buffer before something else writes to it.</summary>
    public void Save(nn.Module module, string name)
    {
        if (!_tensors.Exists(t => ReferenceEquals(t.Module, module) && t.Name == name))
        {
            using var guard = no_grad();
            _tensors.Add((module, name, Find(module, name).detach().clone().DetachFromDisposeScope()));
        }
    }

    /// <summary>Keeps a quantizer's state before it is changed.</summary>
    public void Save(Quantizer quantizer)
    {
        if (!_quantizers.Exists(q => ReferenceEquals(q.Quantizer, quantizer)))
        {
            _quantizers.Add((quantizer, new QuantizerState(quantizer)));
        }
    }

    /// <summary>Puts the kept tensors and those that are there now in each other's place; quantizers stay.</summary>
    public void Exchange()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (module, name, value) in _tensors)
        {
            var target = Find(module, name);
            var now = target.detach().clone();
            target.copy_(value);
            value.copy_(now);
        }
    }

    public void Restore()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (module, name, value) in _tensors)
        {
            Find(module, name).copy_(value);
        }

        // A model that was disposed since has taken its quantizers along.
        foreach (var (quantizer, state) in _quantizers.Where(q => !q.Quantizer.StateTensors().Any(t => t.IsInvalid)))
        {
            state.Restore();
            quantizer.ForgetStart();
        }
    }

    public void Dispose()
    {
        _tensors.ForEach(t => t.Value.Dispose());
        _quantizers.ForEach(q => q.State.Dispose());
        _tensors.Clear();
        _quantizers.Clear();
    }

    private static Tensor Find(nn.Module module, string name) =>
        module.get_parameter(name) as Tensor ?? module.get_buffer(name)
            ?? throw new InvalidOperationException($"{module.GetName()} has no parameter or buffer '{name}' any more.");
}
