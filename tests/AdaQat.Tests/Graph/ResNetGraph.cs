using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Graph;

/// <summary>TorchVision's ResNet-18, described by hand with its parameters.</summary>
internal sealed class ResNetGraph
{
    private readonly GraphBuilder _g = new("ResNet-18");
    private readonly Dictionary<string, Tensor> _state;

    private ResNetGraph(nn.Module model) => _state = model.state_dict();

    public static ModelGraph Of(nn.Module model, Shape image)
    {
        var net = new ResNetGraph(model);
        var g = net._g;
        var x = net.Layer(g.Input("image", image), "conv1", "bn1", stride: 2, padding: 3);
        x = g.MaxPool(g.Relu(x), 3, stride: 2, padding: 1);
        for (var block = 0; block < 8; block++)
        {
            x = net.Block(x, $"layer{1 + (block / 2)}.{block % 2}", stride: block is 2 or 4 or 6 ? 2 : 1);
        }

        var pooled = g.Flatten(g.AdaptivePool(x, Reduction.Mean, [1, 1]));
        using (g.InModule("fc"))
        {
            pooled = g.Linear(pooled, net.Constant("fc.weight"), net.Constant("fc.bias"), "fc");
        }

        return g.Output("scores", pooled).Build();
    }

    private GraphValue Block(GraphValue x, string name, long stride)
    {
        using var block = _g.InModule(name);
        var y = _g.Relu(Layer(x, $"{name}.conv1", $"{name}.bn1", stride, padding: 1));
        y = Layer(y, $"{name}.conv2", $"{name}.bn2", stride: 1, padding: 1);
        var shortcut = _state.ContainsKey($"{name}.downsample.0.weight")
            ? Layer(x, $"{name}.downsample.0", $"{name}.downsample.1", stride, padding: 0)
            : x;
        return _g.Relu(_g.Add(y, shortcut));
    }

    private GraphValue Layer(GraphValue x, string convolution, string norm, long stride, long padding)
    {
        using (_g.InModule(convolution))
        {
            x = _g.Convolution(x, Constant($"{convolution}.weight"), stride: stride, padding: padding, name: convolution);
        }

        using (_g.InModule(norm))
        {
            return _g.BatchNorm(
                x, Constant($"{norm}.weight"), Constant($"{norm}.bias"), Constant($"{norm}.running_mean"), Constant($"{norm}.running_var"),
                name: norm);
        }
    }

    private GraphValue Constant(string name) => _g.Constant(name, GraphOracle.ToGraph(_state[name].detach()));
}
