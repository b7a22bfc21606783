using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>A model with a batch for it: what tests need that do not care how many inputs and outputs it has.</summary>
internal sealed class Subject(
    nn.Module model, IReadOnlyList<object> inputs, Func<Tensor[]> outputs, Func<QuantizationScheme, QuantizedModel> attach,
    Func<ModelGraph> capture, Func<QuantizedModel, ModelGraph> captureQuantized) : IDisposable
{
    public nn.Module Model => model;

    /// <summary>The tensors of the batch.</summary>
    public IEnumerable<Tensor> Inputs => inputs.SelectMany(input => input switch
    {
        Tensor tensor => [tensor],
        Dictionary<string, Tensor> dictionary => dictionary.Values,
        _ => Array.Empty<Tensor>().AsEnumerable(),
    });

    /// <summary>The outputs on the batch; all in one list, in a fixed order.</summary>
    public Tensor[] Outputs() => outputs();

    public QuantizedModel Attach(QuantizationScheme scheme) => attach(scheme);

    /// <summary>The model's graph, captured on the batch.</summary>
    public ModelGraph Capture() => capture();

    /// <summary>The graph of the attached model, captured on the batch.</summary>
    public ModelGraph Capture(QuantizedModel quantized) => captureQuantized(quantized);

    public static Subject Of<T, TResult>(nn.Module<T, TResult> model, T batch, Func<TResult, Tensor[]> outputs) =>
        new(model, [batch!], () => outputs(model.call(batch)), scheme => QuantizedModel.Attach(model, batch, scheme),
            () => ModelCapture.Graph(model, batch!), quantized => quantized.Graph(batch!));

    public static Subject Of(nn.Module<Tensor, Tensor> model, Tensor batch) => Of(model, batch, output => [output]);

    public static Subject Of<T1, T2>(nn.Module<T1, T2, Tensor> model, T1 first, T2 second) =>
        new(model, [first!, second!], () => [model.call(first, second)], scheme => QuantizedModel.Attach(model, first, second, scheme),
            () => ModelCapture.Graph(model, first!, second!), quantized => quantized.Graph(first!, second!));

    public static Subject Of<T1, T2, T3>(nn.Module<T1, T2, T3, Tensor> model, T1 first, T2 second, T3 third) =>
        new(
            model, [first!, second!, third!], () => [model.call(first, second, third)],
            scheme => QuantizedModel.Attach(model, first, second, third, scheme),
            () => ModelCapture.Graph(model, first!, second!, third!), quantized => quantized.Graph(first!, second!, third!));

    /// <summary>The mean square distance of all outputs to the same numbers at every call.</summary>
    public Tensor Loss()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(99);
        var parts = outputs().Select(o => (o - randn(o.shape, generator: generator).to_type(o.dtype)).square().mean().reshape(1)).ToArray();
        return cat(parts).sum().MoveToOuterDisposeScope();
    }

    /// <summary>A training step: backward pass, bit-widths, weights.</summary>
    public BitWidthStep Step(BitWidthOptimizer widths, optim.Optimizer weights)
    {
        using var scope = NewDisposeScope();
        weights.zero_grad();
        var loss = Loss();
        loss.backward();
        var step = widths.Step(loss, Loss);
        weights.step();
        return step;
    }

    /// <summary>The outputs in eval mode without gradient, to the last bit.</summary>
    public List<byte[]> Evaluate()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        model.eval();
        var bits = outputs().Select(Bits.Of).ToList();
        model.train();
        return bits;
    }

    public void Dispose() => model.Dispose();
}
