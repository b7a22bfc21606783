using AdaQat.Search.Networks;
using AdaQat.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Search.Sampling;

/// <summary>
/// Draws two candidates of a group by Gumbel-softmax (TAS): z = (log softmax(α) + g) / τ with Gumbel noise g; two different ones by the
/// probabilities softmax(z); their weights are softmax of the two z. What is drawn follows from seed and step alone.
/// </summary>
/// <param name="seed">The seed of the search.</param>
internal sealed class PairSampler(long seed)
{
    /// <summary>What its stream of random numbers is for.</summary>
    private const long Stream = 18;

    /// <summary>A candidate's probability is never below this, as in TAS's code.</summary>
    private const double LeastProbability = 1e-7;

    /// <param name="alpha">α of the group.</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="step">The step.</param>
    /// <param name="phase">0 for the weights' half of it, 1 for α's.</param>
    /// <param name="group">The place of the group.</param>
    public ChannelDraw Draw(Parameter alpha, double temperature, long step, int phase, int group)
    {
        var values = alpha.data<double>().ToArray();
        if (values.Length == 1)
        {
            return ChannelDraw.Of(0);
        }

        var random = new KeyedRandom(Stream, seed, step, phase, group);
        var noise = Array.ConvertAll(values, _ => -Math.Log(-Math.Log(Open(random.NextUInt64()))));
        var logits = values.Zip(noise, (value, g) => (value + g) / temperature).ToArray();
        var probabilities = Array.ConvertAll(Softmax(logits), p => p + LeastProbability);
        var first = Pick(probabilities, Open(random.NextUInt64()));
        probabilities[first] = 0;
        var second = Pick(probabilities, Open(random.NextUInt64()));
        var (low, high) = (Math.Min(first, second), Math.Max(first, second));
        using var scope = NewDisposeScope();
        var perturbed = alpha.index_select(0, tensor(new long[] { low, high }, device: alpha.device))
            .Add(tensor(new[] { noise[low], noise[high] }, device: alpha.device)).Div(temperature);
        return new ChannelDraw(low, high, perturbed.softmax(0).to(ScalarType.Float32).MoveToOuterDisposeScope());
    }

    /// <summary>The candidates' preferences: softmax(α).</summary>
    public static double[] Probabilities(Parameter alpha) => Softmax(alpha.data<double>().ToArray());

    public static double[] Softmax(IReadOnlyList<double> logits)
    {
        var largest = logits.Max();
        var powers = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }

    /// <summary>Strictly between 0 and 1.</summary>
    private static double Open(ulong bits) => ((bits >> 12) + 0.5) * Math.ScaleB(1, -52);

    private static int Pick(double[] weights, double at)
    {
        var left = at * weights.Sum();
        var last = 0;
        for (var place = 0; place < weights.Length; place++)
        {
            if (weights[place] > 0)
            {
                last = place;
                left -= weights[place];
                if (left < 0)
                {
                    return place;
                }
            }
        }

        return last;
    }
}
