using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Data;

public sealed class IndexedBatchesTests
{
    [Fact]
    public void An_epoch_has_whole_batches_of_samples_that_come_once()
    {
        var batches = Shuffled(samples: 50, batchSize: 16, epoch: 0);

        batches.Select(batch => batch.Length).Should().Equal(16, 16, 16);
        batches.SelectMany(batch => batch).Should().OnlyHaveUniqueItems().And.OnlyContain(sample => sample >= 0 && sample < 50);
    }

    [Fact]
    public void Epochs_have_orders_of_their_own_that_come_again()
    {
        Shuffled(50, 16, epoch: 1).Should().BeEquivalentTo(Shuffled(50, 16, epoch: 1), order => order.WithStrictOrdering());
        Shuffled(50, 16, epoch: 1)[0].Should().NotEqual(Shuffled(50, 16, epoch: 2)[0]);
    }

    [Fact]
    public void An_epoch_entered_in_its_middle_goes_on_as_it_would_have()
    {
        Shuffled(50, 16, epoch: 4, skip: 1).Should()
            .BeEquivalentTo(Shuffled(50, 16, epoch: 4).Skip(1), order => order.WithStrictOrdering());
    }

    [Fact]
    public void In_order_every_sample_comes_once_and_the_last_batch_is_smaller()
    {
        var source = IndexedBatches.InOrder(50, 16, place => new Made(place));

        source.BatchesPerEpoch.Should().Be(4);
        source.Epoch(3, 1).SelectMany(made => made.Place.Samples.ToArray()).Should().Equal(Enumerable.Range(16, 34));
        source.Epoch(3, 1).Select(made => (made.Place.Epoch, made.Place.First)).Should().Equal((3, 16), (3, 32), (3, 48));
    }

    [Fact]
    public void A_batch_larger_than_all_data_is_one_batch()
    {
        IndexedBatches.InOrder(10, int.MaxValue, place => new Made(place)).BatchesPerEpoch.Should().Be(1);
    }

    [Fact]
    public void Rows_of_two_tensors_stay_together_and_leave_nothing_behind()
    {
        using var inputs = arange(20).reshape(10, 2).to(ScalarType.Float32);
        using var targets = arange(10);
        using var scope = NewDisposeScope();

        foreach (var batch in IndexedBatches.Shuffled(inputs, targets, 4, seed: 1).Epoch(0, 0))
        {
            using (batch)
            {
                var rows = batch.Target.data<long>().ToArray();
                batch.Input.data<float>().ToArray().Should().Equal(rows.SelectMany(row => new[] { 2f * row, (2f * row) + 1 }));
            }
        }

        IndexedBatches.InOrder(inputs, targets, 4).BatchesPerEpoch.Should().Be(3);
        scope.DisposablesCount.Should().Be(0);
    }

    [Fact]
    public void Tensors_of_unlike_lengths_are_refused()
    {
        using var inputs = zeros(10, 2);
        using var targets = zeros(9);

        var make = () => IndexedBatches.InOrder(inputs, targets, 4);

        make.Should().Throw<ArgumentException>().WithMessage("*[10, 2]*[9]*");
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(3, 0)]
    public void More_samples_a_batch_than_there_are_or_none_are_refused(int samples, int batchSize)
    {
        var make = () => IndexedBatches.Shuffled(samples, batchSize, 1, place => new Made(place));

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static List<int[]> Shuffled(int samples, int batchSize, int epoch, int skip = 0) =>
        [.. IndexedBatches.Shuffled(samples, batchSize, seed: 3, place => new Made(place))
            .Epoch(epoch, skip).Select(made => made.Place.Samples.ToArray())];

    private sealed record Made(BatchPlace Place) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
