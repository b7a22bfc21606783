namespace ResNet20Cifar.Data.Batching;

/// <summary>The order in which an epoch visits the training images: a permutation that follows from seed and epoch alone.</summary>
public static class EpochOrder
{
    private const long Stream = 1;

    public static int[] Of(long seed, int epoch, int count)
    {
        var order = new int[count];
        for (var index = 0; index < count; index++)
        {
            order[index] = index;
        }

        var random = new KeyedRandom(Stream, seed, epoch);
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.NextInt32(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
