using AdaQat.Training;
using Samples.Cifar10;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sample;

public sealed class ImageBatchesTests
{
    private static readonly ImageSet Images = ProceduralImages.Generate(5, 50);
    private static readonly ChannelNormalization Normalization = ChannelNormalization.Of(Images);

    private static IBatchSource<Batch> Batches => ImageBatches.Training(Images, Normalization, batchSize: 16, seed: 3, CPU);

    [Fact]
    public void An_epoch_has_whole_batches_only()
    {
        var sizes = Read(Batches.Epoch(0, 0)).Select(batch => batch.Labels.Length);

        Batches.BatchesPerEpoch.Should().Be(3);
        sizes.Should().Equal(16, 16, 16);
    }

    [Fact]
    public void Same_seed_and_epoch_give_the_same_batches_whatever_torch_has_drawn()
    {
        var first = Read(Batches.Epoch(2, 0));
        rand(100).Dispose();
        var second = Read(Batches.Epoch(2, 0));

        AssertSame(first, second);
    }

    [Fact]
    public void An_epoch_entered_in_its_middle_goes_on_as_it_would_have()
    {
        AssertSame(Read(Batches.Epoch(4, 0)).Skip(1).ToList(), Read(Batches.Epoch(4, 1)));
    }

    [Fact]
    public void Epochs_differ_in_order_and_augmentation()
    {
        Read(Batches.Epoch(0, 0))[0].Pixels.Should().NotEqual(Read(Batches.Epoch(1, 0))[0].Pixels);
    }

    [Fact]
    public void Every_image_of_a_batch_is_the_augmented_one_at_its_place()
    {
        var order = new KeyedRandom(1, 3, 1).Permutation(Images.Count);
        var batch = Read(Batches.Epoch(1, 1))[0];
        var expected = new float[ImageShape.Size];

        for (var place = 0; place < 16; place++)
        {
            CropFlip.At(3, 1, 16 + place).Write(Images.Image(order[16 + place]), Normalization, expected);

            batch.Labels[place].Should().Be(Images.Labels[order[16 + place]]);
            batch.Pixels.AsSpan(place * ImageShape.Size, ImageShape.Size).SequenceEqual(expected).Should().BeTrue();
        }
    }

    [Fact]
    public void Evaluation_shows_every_image_once_in_order()
    {
        var evaluation = ImageBatches.Evaluation(Images, Normalization, 16, CPU);

        var batches = Read(evaluation.Epoch(0, 0));

        evaluation.BatchesPerEpoch.Should().Be(4);
        batches.Select(batch => batch.Labels.Length).Should().Equal(16, 16, 16, 2);
        batches.SelectMany(batch => batch.Labels).Should().Equal(Images.Labels.ToArray().Select(label => (long)label));
    }

    [Fact]
    public void Disposed_batches_leave_nothing_behind()
    {
        using var scope = NewDisposeScope();

        Read(Batches.Epoch(0, 0));

        scope.DisposablesCount.Should().Be(0);
    }

    private static List<(float[] Pixels, long[] Labels)> Read(IEnumerable<Batch> batches)
    {
        var result = new List<(float[], long[])>();
        foreach (var batch in batches)
        {
            using (batch)
            {
                result.Add((batch.Input.data<float>().ToArray(), batch.Target.data<long>().ToArray()));
            }
        }

        return result;
    }

    private static void AssertSame(List<(float[] Pixels, long[] Labels)> first, List<(float[] Pixels, long[] Labels)> second)
    {
        second.Should().HaveSameCount(first);
        for (var index = 0; index < first.Count; index++)
        {
            second[index].Labels.Should().Equal(first[index].Labels);
            second[index].Pixels.AsSpan().SequenceEqual(first[index].Pixels).Should().BeTrue();
        }
    }
}
