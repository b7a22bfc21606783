using Samples.Cifar10;

namespace AdaQat.Tests.Sample;

public sealed class CropFlipTests
{
    private static readonly ImageSet Images = ProceduralImages.Generate(3, 1);
    private static readonly ChannelNormalization Normalization = ChannelNormalization.Cifar10;

    public static TheoryData<int, int, bool> EveryCrop()
    {
        var data = new TheoryData<int, int, bool>();
        foreach (var (top, left) in from top in Enumerable.Range(0, 9) from left in Enumerable.Range(0, 9) select (top, left))
        {
            data.Add(top, left, false);
            data.Add(top, left, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCrop))]
    public void Every_crop_equals_padding_cropping_and_mirroring_pixel_by_pixel(int top, int left, bool mirrored)
    {
        var actual = new float[ImageShape.Size];

        new CropFlip(top, left, mirrored).Write(Images.Image(0), Normalization, actual);

        actual.Should().Equal(Reference(Images.Image(0), top, left, mirrored));
    }

    [Fact]
    public void No_augmentation_only_normalises()
    {
        var actual = new float[ImageShape.Size];

        CropFlip.None.Write(Images.Image(0), Normalization, actual);

        var pixel = Images.Image(0)[ImageShape.PlaneSize + 5];
        actual[ImageShape.PlaneSize + 5].Should().BeApproximately((float)((pixel / 255.0 - 0.4822) / 0.2435), 1e-6f);
    }

    [Fact]
    public void What_happens_to_an_image_follows_from_seed_epoch_and_position_alone()
    {
        CropFlip.At(5, 2, 700).Should().Be(CropFlip.At(5, 2, 700));
        var around = new[] { CropFlip.At(5, 2, 700), CropFlip.At(6, 2, 700), CropFlip.At(5, 3, 700), CropFlip.At(5, 2, 701) };
        around.Distinct().Count().Should().BeGreaterThan(1);
    }

    [Fact]
    public void All_crops_and_both_mirrorings_come_up_equally_often()
    {
        const int Count = 162 * 100;
        var crops = Enumerable.Range(0, Count).Select(position => CropFlip.At(1, 1, position)).ToList();

        crops.GroupBy(crop => crop).Should().HaveCount(9 * 9 * 2).And.OnlyContain(group => group.Count() > 50 && group.Count() < 160);
        crops.Count(crop => crop.Mirrored).Should().BeInRange(Count / 2 - 300, Count / 2 + 300);
    }

    private static float[] Reference(ReadOnlySpan<byte> image, int top, int left, bool mirrored)
    {
        const int Padded = ImageShape.Side + 2 * CropFlip.Padding;
        var result = new float[ImageShape.Size];
        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            var padded = new byte[Padded, Padded];
            for (var y = 0; y < ImageShape.Side; y++)
            {
                for (var x = 0; x < ImageShape.Side; x++)
                {
                    padded[y + CropFlip.Padding, x + CropFlip.Padding] = image[channel * ImageShape.PlaneSize + y * ImageShape.Side + x];
                }
            }

            for (var y = 0; y < ImageShape.Side; y++)
            {
                for (var x = 0; x < ImageShape.Side; x++)
                {
                    var source = padded[top + y, left + (mirrored ? ImageShape.Side - 1 - x : x)];
                    result[channel * ImageShape.PlaneSize + y * ImageShape.Side + x] = Normalization.Values(channel)[source];
                }
            }
        }

        return result;
    }
}
