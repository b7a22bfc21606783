using Samples.Cifar10;

namespace AdaQat.Tests.Sample;

public sealed class ChannelNormalizationTests
{
    [Fact]
    public void The_constants_of_a_set_make_it_zero_mean_and_unit_variance()
    {
        var images = ProceduralImages.Generate(4, 50);
        var normalization = ChannelNormalization.Of(images);

        for (var channel = 0; channel < ImageShape.Channels; channel++)
        {
            double sum = 0, squares = 0;
            for (var index = 0; index < images.Count; index++)
            {
                foreach (var pixel in images.Image(index).Slice(channel * ImageShape.PlaneSize, ImageShape.PlaneSize))
                {
                    var value = normalization.Values(channel)[pixel];
                    sum += value;
                    squares += value * value;
                }
            }

            var count = images.Count * ImageShape.PlaneSize;
            (sum / count).Should().BeApproximately(0, 1e-5);
            (squares / count).Should().BeApproximately(1, 1e-5);
        }
    }

    [Fact]
    public void Images_of_one_colour_do_not_divide_by_zero()
    {
        var images = new ImageSet(new byte[ImageShape.Size], [0]);

        ChannelNormalization.Of(images).Values(0)[0].Should().Be(0);
    }
}
