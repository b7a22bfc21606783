namespace Samples.Cifar10;

/// <summary>The one shape of image the sample works on: three planes (red, green, blue) of 32 rows by 32 columns.</summary>
public static class ImageShape
{
    public const int Channels = 3;
    public const int Side = 32;
    public const int PlaneSize = Side * Side;
    public const int Size = Channels * PlaneSize;
    public const int Classes = 10;
}
