using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Studies.Networks;

/// <summary>
/// A U-Net (Ronneberger et al. 2015): what the way down made is joined to what transposed convolutions make on the way up. It scores
/// classes pixel by pixel; an image's scores are the means.
/// </summary>
public sealed class SmallUNet : Module<Tensor, Tensor>
{
    private readonly Sequential enter;
    private readonly Sequential down1;
    private readonly Sequential down2;
    private readonly ConvTranspose2d up1;
    private readonly Sequential merge1;
    private readonly ConvTranspose2d up2;
    private readonly Sequential merge2;
    private readonly Conv2d leave;

    public SmallUNet(int classes = 10)
        : base(nameof(SmallUNet))
    {
        enter = Sequential(Twice(3, 12));
        down1 = Sequential([("pool", MaxPool2d(2)), .. Twice(12, 24)]);
        down2 = Sequential([("pool", MaxPool2d(2)), .. Twice(24, 48)]);
        up1 = ConvTranspose2d(48, 24, 2, stride: 2);
        merge1 = Sequential(Twice(48, 24));
        up2 = ConvTranspose2d(24, 12, 2, stride: 2);
        merge2 = Sequential(Twice(24, 16));
        leave = Conv2d(16, classes, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x1 = enter.call(input);
        var x2 = down1.call(x1);
        var x = merge1.call(cat([up1.call(down2.call(x2)), x2], 1));
        x = merge2.call(cat([up2.call(x), x1], 1));
        return leave.call(x).mean([2, 3]).MoveToOuterDisposeScope();
    }

    private static IEnumerable<(string, Module<Tensor, Tensor>)> Twice(long inputs, long outputs) =>
    [
        ("conv1", Conv2d(inputs, outputs, 3, padding: 1, bias: false)), ("bn1", BatchNorm2d(outputs)), ("relu1", ReLU()),
        ("conv2", Conv2d(outputs, outputs, 3, padding: 1, bias: false)), ("bn2", BatchNorm2d(outputs)), ("relu2", ReLU()),
    ];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Module[] parts = [enter, down1, down2, up1, merge1, up2, merge2, leave];
            foreach (var part in parts)
            {
                part.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
