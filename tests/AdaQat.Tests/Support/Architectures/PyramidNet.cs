using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>A feature pyramid: a dictionary of tensors goes in, another comes out, the layers are in dictionaries of modules.</summary>
internal sealed class PyramidNet : nn.Module<Dictionary<string, Tensor>, Dictionary<string, Tensor>>
{
    private readonly ModuleDict<nn.Module<Tensor, Tensor>> lateral = nn.ModuleDict<nn.Module<Tensor, Tensor>>(
        ("fine", nn.Conv2d(3, 4, 1)), ("coarse", nn.Conv2d(6, 4, 1)));

    private readonly ModuleDict<nn.Module<Tensor, Tensor>> smooth = nn.ModuleDict<nn.Module<Tensor, Tensor>>(
        ("fine", nn.Conv2d(4, 4, 3, padding: 1)), ("coarse", nn.Sequential(nn.Conv2d(4, 4, 3, padding: 1), nn.ReLU())));

    public PyramidNet()
        : base(nameof(PyramidNet)) => RegisterComponents();

    public override Dictionary<string, Tensor> forward(Dictionary<string, Tensor> inputs)
    {
        var coarse = lateral["coarse"].call(inputs["coarse"]);
        var fine = lateral["fine"].call(inputs["fine"]) + nn.functional.interpolate(coarse, scale_factor: [2, 2]);
        return new Dictionary<string, Tensor> { ["fine"] = smooth["fine"].call(fine), ["coarse"] = smooth["coarse"].call(coarse) };
    }
}
