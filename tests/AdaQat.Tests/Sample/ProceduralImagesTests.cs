using AdaQat.Training;
using Samples.Cifar10;

namespace AdaQat.Tests.Sample;

public sealed class ProceduralImagesTests
{
    [Fact]
    public void Same_seed_gives_the_same_images()
    {
        var first = ProceduralImages.Generate(7, 40);
        var second = ProceduralImages.Generate(7, 40);

        for (var index = 0; index < first.Count; index++)
        {
            second.Image(index).SequenceEqual(first.Image(index)).Should().BeTrue();
        }
    }

    [Fact]
    public void Another_seed_gives_other_images()
    {
        var first = ProceduralImages.Generate(7, 10);
        var second = ProceduralImages.Generate(8, 10);

        second.Image(3).SequenceEqual(first.Image(3)).Should().BeFalse();
    }

    [Fact]
    public void An_image_does_not_depend_on_how_many_are_made()
    {
        ProceduralImages.Generate(7, 100).Image(9).SequenceEqual(ProceduralImages.Generate(7, 10).Image(9)).Should().BeTrue();
    }

    [Fact]
    public void Classes_are_balanced_in_every_prefix_of_whole_tens()
    {
        var labels = ProceduralImages.Generate(7, 130).Labels.ToArray();

        labels.GroupBy(label => label).Should().HaveCount(10).And.OnlyContain(group => group.Count() == 13);
    }

    [Fact]
    public void A_linear_classifier_stays_below_sixty_percent()
    {
        var train = ProceduralImages.Generate(1, 3000);
        var test = ProceduralImages.Generate(2, 1000);
        var classifier = new LinearSoftmax(ChannelNormalization.Of(train));

        for (var epoch = 0; epoch < 4; epoch++)
        {
            classifier.Train(train, rate: 0.002f);
        }

        classifier.Accuracy(train).Should().BeGreaterThan(0.12, "it must have learned something, or its failure says nothing");
        classifier.Accuracy(test).Should().BeLessThan(0.60);
    }

    /// <summary>Softmax regression on the pixels, by stochastic gradient descent.</summary>
    private sealed class LinearSoftmax(ChannelNormalization normalization)
    {
        private readonly float[][] _weights = [.. Enumerable.Range(0, ImageShape.Classes).Select(_ => new float[ImageShape.Size + 1])];

        public void Train(ImageSet images, float rate)
        {
            for (var index = 0; index < images.Count; index++)
            {
                var input = Input(images.Image(index));
                var scores = Scores(input);
                var sum = scores.Sum(score => MathF.Exp(score - scores.Max()));
                for (var label = 0; label < scores.Length; label++)
                {
                    var error = MathF.Exp(scores[label] - scores.Max()) / sum - (label == images.Labels[index] ? 1 : 0);
                    var weights = _weights[label];
                    for (var pixel = 0; pixel < input.Length; pixel++)
                    {
                        weights[pixel] -= rate * error * input[pixel];
                    }
                }
            }
        }

        public double Accuracy(ImageSet images)
        {
            var right = 0;
            for (var index = 0; index < images.Count; index++)
            {
                var scores = Scores(Input(images.Image(index)));
                right += Array.IndexOf(scores, scores.Max()) == images.Labels[index] ? 1 : 0;
            }

            return (double)right / images.Count;
        }

        private float[] Scores(float[] input) => [.. _weights.Select(weights =>
        {
            var sum = 0f;
            for (var pixel = 0; pixel < input.Length; pixel++)
            {
                sum += weights[pixel] * input[pixel];
            }

            return sum;
        })];

        private float[] Input(ReadOnlySpan<byte> image)
        {
            var input = new float[ImageShape.Size + 1];
            for (var pixel = 0; pixel < ImageShape.Size; pixel++)
            {
                input[pixel] = normalization.Values(pixel / ImageShape.PlaneSize)[image[pixel]];
            }

            input[^1] = 1;
            return input;
        }
    }
}
