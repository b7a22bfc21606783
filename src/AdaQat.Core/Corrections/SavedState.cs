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
        var target = Find(module, name);
        if (!_tensors.Exists(t => ReferenceEquals(t.Module, module) && t.Name == name))
        {
            _tensors.Add((module, name, target.detach().clone().DetachFromDisposeScope()));
        }

        target.copy_(value);
    }

    /// <summary>Keeps a quantizer's state before it is changed.</summary>
    public void Save(Quantizer quantizer)
    {
        if (!_quantizers.Exists(q => ReferenceEquals(q.Quantizer, quantizer)))
        {
            _quantizers.Add((quantizer, new QuantizerState(quantizer)));
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

        foreach (var (quantizer, state) in _quantizers.Where(q => !q.Quantizer.StateTensors().Any(t => t.IsInvalid)))
        {
            state.Restore();
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
