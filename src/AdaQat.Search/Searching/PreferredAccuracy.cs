using AdaQat.Search.Spaces;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Searching;

/// <summary>How often the network that a search prefers is right, with the weights it has so far.</summary>
/// <remarks>
/// Running means and variances come from mixtures of two candidates, of which the next layer sees other sums than of the preferred one
/// alone: at 2 bits a network computes little better than chance with them. So they are measured anew, on a copy.
/// </remarks>
internal static class PreferredAccuracy
{
    /// <summary>On how many batches statistics are measured.</summary>
    private const int StatisticsBatches = 8;

    /// <param name="derive">Makes the preferred network.</param>
    /// <param name="weights">What the weights learn from.</param>
    /// <param name="test">On what it is measured.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The test data have no sample.</exception>
    public static double Of(Func<DerivedNetwork> derive, IBatchSource<Batch> weights, IBatchSource<Batch> test)
    {
        using var random = new KeptRandom();
        using var guard = no_grad();
        using var derived = derive();
        if (derived.Model.modules().OfType<BatchNorm>().Any(norm => norm.track_running_stats))
        {
            BatchNormStatistics.Reestimate(derived.Model, weights, Math.Min(StatisticsBatches, weights.BatchesPerEpoch));
        }

        derived.Model.eval();
        var (right, all) = (0.0, 0L);
        foreach (var batch in test.Epoch(0, 0))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                const string Which = "the test batch";
                right += ToldFailures.Count(Accuracy.TopOne, ToldFailures.Output(derived.Model, batch, Which), batch, Which);
                all += batch.Size;
            }
        }

        return all > 0 ? right / all : throw new ArgumentException("The test data have no sample.", nameof(test));
    }
}
