using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>The state of a TorchSharp optimizer, momentum buffers and all, as a tensor of bytes in TorchSharp's own format.</summary>
internal static class OptimizerBytes
{
    /// <summary>Refuses an optimizer of which no checkpoint can be made, before a run has begun.</summary>
    public static void RequireFormat(optim.Optimizer optimizer) => Helper(optimizer);

    /// <summary>
    /// Whether it has a state for each of its parameters. TorchSharp enumerates what it was given anew each time: one that was given
    /// <c>model.parameters()</c> before attaching names the quantizers' parameters and fails at its next step.
    /// </summary>
    public static bool WasMadeWithAllOf(optim.Optimizer optimizer)
    {
        if (optimizer is not OptimizerHelper)
        {
            return true;
        }

        try
        {
            Save(optimizer).Dispose();
            return true;
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    public static Tensor Save(optim.Optimizer optimizer)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            Helper(optimizer).save_state_dict(writer);
        }

        return tensor(stream.ToArray());
    }

    public static void Load(optim.Optimizer optimizer, Tensor bytes)
    {
        using var stream = new MemoryStream(bytes.bytes.ToArray());
        using var reader = new BinaryReader(stream);
        using var scope = NewDisposeScope();
        Helper(optimizer).load_state_dict(reader);
        // The optimizer keeps what it has read, longer than any scope that may be open here.
        scope.Detach(scope.DisposablesView);
    }

    private static OptimizerHelper Helper(optim.Optimizer optimizer) => optimizer as OptimizerHelper
        ?? throw new NotSupportedException(
            $"The state of a {optimizer.GetType().Name} optimizer cannot be saved: TorchSharp has no format for it.");
}
