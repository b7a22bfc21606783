using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// MobileNetV2 (Sandler et al. 2018) in small: ReLU6, depthwise convolutions, linear bottlenecks whose outputs have both signs.
/// </summary>
internal sealed class MobileNetV2 : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> features;
    private readonly Module<Tensor, Tensor> classifier;

    public MobileNetV2()
        : base(nameof(MobileNetV2))
    {
        var modules = new List<Module<Tensor, Tensor>> { ConvNormRelu(3, 8, stride: 2) };
        modules.Add(new InvertedResidual(8, 8, stride: 1, expansion: 1));
        modules.Add(new InvertedResidual(8, 12, stride: 2, expansion: 4));
        modules.Add(new InvertedResidual(12, 12, stride: 1, expansion: 4));
        modules.Add(ConvNormRelu(12, 32, kernel: 1));
        features = Sequential(modules);
        classifier = Sequential(Dropout(0.2), Linear(32, 10));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var _ = NewDisposeScope();
        var x = features.call(input);
        x = functional.adaptive_avg_pool2d(x, (1, 1)).flatten(1);
        return classifier.call(x).MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor> ConvNormRelu(long input, long output, long kernel = 3, long stride = 1, long groups = 1) =>
        Sequential(
            Conv2d(input, output, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false),
            BatchNorm2d(output),
            ReLU6(inplace: true));

    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly bool _useResidual;
        private readonly Module<Tensor, Tensor> conv;

        public InvertedResidual(long input, long output, long stride, long expansion)
            : base(nameof(InvertedResidual))
        {
            var hidden = input * expansion;
            _useResidual = stride == 1 && input == output;
            var layers = new List<Module<Tensor, Tensor>>();
            if (expansion != 1)
            {
                layers.Add(ConvNormRelu(input, hidden, kernel: 1));
            }

            layers.Add(ConvNormRelu(hidden, hidden, stride: stride, groups: hidden));
            layers.Add(Conv2d(hidden, output, 1, bias: false));
            layers.Add(BatchNorm2d(output));
            conv = Sequential(layers);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _useResidual ? input + conv.call(input) : conv.call(input);
    }
}
