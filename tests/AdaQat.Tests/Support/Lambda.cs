using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>A model whose forward a test writes down, over submodules given by name.</summary>
internal sealed class Lambda : nn.Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _forward;

    public Lambda(Func<Tensor, Tensor> forward, params (string Name, nn.Module Module)[] modules)
        : base(nameof(Lambda))
    {
        _forward = forward;
        foreach (var (name, module) in modules)
        {
            register_module(name, module);
        }
    }

    public override Tensor forward(Tensor input) => _forward(input);
}
