using AdaQat.Calibration;
using AdaQat.Joins;
using AdaQat.Recording;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>The hooks that quantize the operands of residual sums, all with one quantizer.</summary>
internal sealed class AttachedJoin : IObservedInput, IDisposable
{
    private const string FirstName = "join_quantizer";

    private readonly nn.Module _owner;
    private readonly string _name;
    private readonly AttachmentState _state;
    private readonly List<Action> _removeHooks;
    private readonly Func<bool> _isCalibrating;

    /// <summary>Registers the quantizer on the module that computes the sum, and the hooks.</summary>
    /// <param name="join">The sums.</param>
    /// <param name="quantizer">What quantizes their operands.</param>
    /// <param name="modules">The model's modules by name.</param>
    /// <param name="state">What the layers of the model have in common.</param>
    /// <param name="like">A tensor of the layers' device and type.</param>
    /// <param name="isCalibrating">Whether layers compute in float and only look on.</param>
    public AttachedJoin(
        ResidualJoin join, Quantizer quantizer, IReadOnlyDictionary<string, nn.Module> modules, AttachmentState state,
        Tensor like, Func<bool> isCalibrating)
    {
        (Join, Quantizer, _state, _isCalibrating) = (join, quantizer, state, isCalibrating);
        quantizer.BackwardGuard = state.Guard;
        _owner = modules[join.Module];
        var others = _owner.named_children().Count(child => child.name.StartsWith(FirstName, StringComparison.Ordinal));
        _name = others == 0 ? FirstName : FormattableString.Invariant($"{FirstName}_{others + 1}");
        _owner.register_module(_name, quantizer);
        _removeHooks = [.. join.Boundaries.Select(boundary => boundary.IsOutput
            ? ModuleHooks.InsteadOfOutput(modules[boundary.Module], Quantized)
            : ModuleHooks.InsteadOfInput(modules[boundary.Module], Quantized))];
        Move(like);
    }

    public ResidualJoin Join { get; }

    public string Name => Join.Name;

    /// <summary>The quantizer's name in the model.</summary>
    public string QuantizerName => Join.Module.Length == 0 ? _name : $"{Join.Module}.{_name}";

    public IReadOnlyList<string> Operands =>
        [.. Join.Boundaries.Select(boundary => $"{(boundary.IsOutput ? "output" : "input")} of {boundary.Module}")];

    public Quantizer Quantizer { get; }

    /// <summary>Where not null, layers compute in float, and this is shown each operand.</summary>
    public Action<Tensor>? InputObserver { get; set; }

    public void Forget()
    {
        // Nothing is kept from one operand to the next.
    }

    /// <summary>Brings the quantizer to a tensor's device and type.</summary>
    public void Follow(Tensor like)
    {
        if (_state.IsHeld)
        {
            return;
        }

        var own = Quantizer.StateTensors().FirstOrDefault(tensor => tensor.is_floating_point());
        if (own is not null && (own.dtype != like.dtype || own.device_type != like.device_type || own.device_index != like.device_index))
        {
            lock (_state.Moving)
            {
                Move(like);
            }
        }
    }

    public void Detach()
    {
        _removeHooks.ForEach(remove => remove());
        _owner.register_module(_name, null!);
        Quantizer.LeaveModel();
    }

    public void Dispose() => Quantizer.Dispose();

    /// <summary>What the quantizer owns lives as long as it does, whatever dispose scope is open where it is made or moved.</summary>
    private void Move(Tensor like)
    {
        using var lasting = inference_mode(false);
        Quantizer.to(like.device, like.dtype);
        foreach (var tensor in Quantizer.StateTensors())
        {
            tensor.DetachFromDisposeScope();
        }
    }

    private Tensor Quantized(Tensor operand)
    {
        if (_state.HooksRest || InputObserver is not null)
        {
            InputObserver?.Invoke(operand);
            return operand;
        }

        if (_isCalibrating() || (_state.FloatRequests > 0 && !_state.IsHeld))
        {
            return operand;
        }

        Follow(operand);
        return Quantizer.Quantize(operand);
    }
}
