using AdaQat.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Soak;

/// <summary>Captures the graph of a small quantized network again and again; every tenth time its forward throws in between.</summary>
/// <remarks>
/// A network that takes images of all sizes: of one that doesn't, each capture is told so by libtorch, and TorchSharp 0.107 never frees the
/// text of such an error, about 3 KB.
/// </remarks>
internal sealed class SoakCaptures : ISoakedWork
{
    private const int StepsPerException = 10;

    private readonly Tensor _image = randn(2, 3, 8, 8);
    private readonly nn.Module<Tensor, Tensor> _model = nn.Sequential(
        ("conv1", nn.Conv2d(3, 6, 3, padding: 1)), ("bn1", nn.BatchNorm2d(6)), ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(6, 8, 3, stride: 2, padding: 1)), ("relu2", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()), ("fc", nn.Linear(8, 10)));

    private readonly QuantizedModel _quantized;
    private int _forwardsLeft = int.MaxValue;

    public SoakCaptures()
    {
        _quantized = QuantizedModel.Attach(_model, _image);
        _quantized.Calibrate([_image]);
        _model.register_forward_pre_hook((_, input) => _forwardsLeft-- > 0 ? input : throw new InjectedException());
    }

    public string Describe(int steps) =>
        FormattableString.Invariant($"{steps} captures of the graph of a small quantized network, with exceptions in between.");

    public void Take(int step)
    {
        _forwardsLeft = step % StepsPerException == 0 ? step / StepsPerException % StepsPerException : int.MaxValue;
        try
        {
            _quantized.Graph(_image);
        }
        catch (InjectedException)
        {
            // What it leaves behind is what is watched.
        }
    }

    public void Dispose()
    {
        _quantized.Dispose();
        _model.Dispose();
        _image.Dispose();
    }
}
