using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>
/// A U-Net (Ronneberger et al. 2015): what the way down made is joined to what transposed convolutions make on the way up.
/// </summary>
internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> enter;
    private readonly Module<Tensor, Tensor> down1;
    private readonly Module<Tensor, Tensor> down2;
    private readonly Module<Tensor, Tensor> up1;
    private readonly Module<Tensor, Tensor> merge1;
    private readonly Module<Tensor, Tensor> up2;
    private readonly Module<Tensor, Tensor> merge2;
    private readonly Module<Tensor, Tensor> leave;

    public UNet()
        : base(nameof(UNet))
    {
        enter = DoubleConv(1, 4);
        down1 = Sequential(MaxPool2d(2), DoubleConv(4, 8));
        down2 = Sequential(MaxPool2d(2), DoubleConv(8, 12));
        up1 = ConvTranspose2d(12, 8, 2, stride: 2);
        merge1 = DoubleConv(16, 8);
        up2 = ConvTranspose2d(8, 4, 2, stride: 2);
        merge2 = DoubleConv(8, 4);
        leave = Conv2d(4, 2, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x1 = enter.call(input);
        var x2 = down1.call(x1);
        var x3 = down2.call(x2);
        var x = merge1.call(cat([up1.call(x3), x2], 1));
        x = merge2.call(cat([up2.call(x), x1], 1));
        return leave.call(x).MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor> DoubleConv(long input, long output) => Sequential(
        Conv2d(input, output, 3, padding: 1), BatchNorm2d(output), ReLU(),
        Conv2d(output, output, 3, padding: 1), BatchNorm2d(output), ReLU());
}
