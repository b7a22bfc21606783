using AdaQat.Calibration;
using static TorchSharp.torch;

namespace AdaQat.Tests.Calibration;

public sealed class InputSampleTests
{
    [Fact]
    public void Few_samples_are_all_kept()
    {
        using var scope = NewDisposeScope();
        using var sample = new InputSample();

        sample.Add(Make.Tensor([1, 2, 3, 4], ScalarType.Float32, 2, 2));
        sample.Add(Make.Tensor([5, 6], ScalarType.Float32, 1, 2));

        var whole = sample.Whole()!;
        whole.shape.Should().Equal(3, 2);
        Near.Numbers(whole).Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void Many_are_thinned_evenly_over_all_batches_and_memory_stays_bounded()
    {
        using var sample = new InputSample();
        using (NewDisposeScope())
        {
            // A sample of 2^18 elements: eight of them are kept at most.
            for (var batch = 0; batch < 13; batch++)
            {
                sample.Add(arange(batch * 3, (batch * 3) + 3, dtype: ScalarType.Float32).reshape(3, 1).expand(3, 1 << 18));
            }
        }

        using var scope = NewDisposeScope();
        Near.Numbers(sample.Whole()![TensorIndex.Colon, TensorIndex.Single(0)]).Should().Equal(0, 8, 16, 24, 32);
    }

    [Fact]
    public void Samples_of_several_shapes_are_joined_flat()
    {
        using var scope = NewDisposeScope();
        using var sample = new InputSample();

        sample.Add(ones(1, 2, 2));
        sample.Add(ones(1, 3, 3));

        sample.Whole()!.shape.Should().Equal(13);
    }

    [Fact]
    public void Nothing_seen_is_nothing_and_no_tensor_is_left()
    {
        LiveTensors.LeftBy(() =>
        {
            using var sample = new InputSample();
            sample.Whole().Should().BeNull();
            using var input = ones(4, 1 << 20);
            sample.Add(input);
            sample.Add(input);
            sample.Whole()!.Dispose();
        }).Should().Be(0);
    }
}
