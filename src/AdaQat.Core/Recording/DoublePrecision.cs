using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>
/// A model in 64-bit arithmetic for the life of the object: its 32-bit parameters and buffers hold their values as 64-bit ones. The very
/// same objects, with the very same memory, hold what they held afterwards.
/// </summary>
internal sealed unsafe class DoublePrecision : IDisposable
{
    private readonly LibtorchSymbols _symbols;
    private readonly List<(Tensor Tensor, Tensor Own)> _held = [];

    public DoublePrecision(nn.Module model, LibtorchSymbols symbols)
    {
        _symbols = symbols;
        var seen = new HashSet<nint>();
        var tensors = model.named_parameters().Select(p => (Tensor)p.parameter)
            .Concat(model.named_buffers().Select(b => b.buffer)).ToList();
        foreach (var tensor in tensors)
        {
            // Two objects may be of one tensor, which is changed once.
            if (tensor.dtype is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 && seen.Add(*(nint*)tensor.Handle))
            {
                _held.Add((tensor, tensor.detach().DetachFromDisposeScope()));
                using var wide = tensor.detach().to(ScalarType.Float64);
                SetData(tensor, wide);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (tensor, own) in _held)
        {
            SetData(tensor, own);
            own.Dispose();
        }

        _held.Clear();
    }

    private void SetData(Tensor tensor, Tensor data) => _symbols.SetData(tensor.Handle, (nint*)data.Handle);
}
