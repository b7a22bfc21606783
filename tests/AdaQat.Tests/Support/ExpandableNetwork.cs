using AdaQat.Search;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// A network of planned widths for images of 3×8×8, ten classes: a residual sum of three names, a depthwise block, a layer without batch
/// normalisation, and a flattened map before the last layers.
/// </summary>
internal sealed class ExpandableNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem;
    private readonly nn.Module<Tensor, Tensor> expand;
    private readonly nn.Module<Tensor, Tensor> depthwise;
    private readonly nn.Module<Tensor, Tensor> project;
    private readonly nn.Module<Tensor, Tensor> plain;
    private readonly nn.Module<Tensor, Tensor> hidden;
    private readonly nn.Module<Tensor, Tensor> output;

    public ExpandableNetwork(ChannelPlan channels)
        : base(nameof(ExpandableNetwork))
    {
        var (first, inner, outer) = (channels["stem.0", 8], channels["expand.0", 12], channels["project.0", 8]);
        var (flat, features) = (channels["plain", 6], channels["hidden", 10]);
        stem = nn.Sequential(nn.Conv2d(3, first, 3, padding: 1, bias: false), nn.BatchNorm2d(first), nn.ReLU());
        expand = nn.Sequential(nn.Conv2d(first, inner, 1, bias: false), nn.BatchNorm2d(inner), nn.ReLU());
        depthwise = nn.Sequential(
            nn.Conv2d(inner, inner, 3, stride: 1, padding: 1, groups: inner, bias: false), nn.BatchNorm2d(inner), nn.ReLU());
        project = nn.Sequential(nn.Conv2d(inner, outer, 1, bias: false), nn.BatchNorm2d(outer));
        plain = nn.Conv2d(outer, flat, 3, stride: 2, padding: 1);
        hidden = nn.Linear(flat * 16, features);
        output = nn.Linear(features, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = stem.call(input);
        var sum = (project.call(depthwise.call(expand.call(features))) + features).relu();
        return output.call(hidden.call(plain.call(sum).relu().flatten(1)).relu()).MoveToOuterDisposeScope();
    }
}
