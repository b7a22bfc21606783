using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Kernels;

/// <summary>A quantizer on one tensor, forward alone and backward alone, as a training step calls them.</summary>
internal sealed class QuantizerPass : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _quantizer;
    private readonly Tensor _input;
    private readonly Tensor _gradient;
    private readonly Tensor _output;
    private readonly List<Tensor> _differentiated;

    /// <param name="quantizer">The quantizer, which this object disposes.</param>
    /// <param name="input">What it quantizes; this object disposes it, too.</param>
    public QuantizerPass(nn.Module<Tensor, Tensor> quantizer, Tensor input)
    {
        (_quantizer, _input) = (quantizer, input.requires_grad_());
        _gradient = randn_like(input).detach();
        _output = quantizer.call(input);
        _differentiated = [input, .. quantizer.parameters()];
    }

    public void Forward()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        _quantizer.call(_input);
    }

    /// <summary>The node in the graph stays, so that it can be gone through again.</summary>
    public void Backward()
    {
        using var scope = NewDisposeScope();
        autograd.grad([_output], _differentiated, [_gradient], retain_graph: true);
    }

    public void Dispose()
    {
        _output.Dispose();
        _gradient.Dispose();
        _input.Dispose();
        _quantizer.Dispose();
    }
}
