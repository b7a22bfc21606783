using AdaQat.Allocation;
using AdaQat.Quantizers.Kernels;
using AdaQat.Tests.Quantizers;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Allocation;

/// <summary>Random problems, the same for the same seed.</summary>
internal static class Problems
{
    /// <summary>Layers of one or two widths that cost what a device might make of them; all are sums over layers.</summary>
    private static readonly Func<double, int, int, double>[] LayerCosts =
    [
        (macs, w, a) => macs * w * a,
        (macs, w, _) => macs * w,
        (macs, _, a) => macs * a,
        // Stands still over many a bit.
        (macs, w, a) => macs * Math.Max(w, a),
        // No whole numbers: sums in another order differ in their last digits.
        (macs, w, a) => 0.1 * macs * ((w * Math.Sqrt(a)) + 0.3),
        (macs, w, a) => macs * ((w + 1) / 2) * ((a + 1) / 2)
    ];

    private static readonly Gen<int[]> Seeds = Gen.Choose(0, int.MaxValue - 1).ArrayOf(5);

    /// <summary>Checks that the property throws for none of some hundred problems.</summary>
    public static void ForAll(Func<int, AllocationProblem> make, Action<AllocationProblem> property) =>
        Arbitrary.ForAll(Seeds, seeds => Array.ForEach(seeds, s => property(make(s))));

    /// <summary>One to six widths in one to seven layers: shared, fixed, noisy, with plateaus; the budget is often a cost met.</summary>
    public static AllocationProblem Small(int seed)
    {
        var random = new Random(seed);
        var widths = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Width(random)).ToArray();
        var kind = LayerCosts[random.Next(LayerCosts.Length)];
        var blocks = Enumerable.Range(0, random.Next(1, 8)).Select(_ =>
        {
            var macs = random.Next(1, 1000);
            return new CostBlock(random.Next(widths.Length), random.Next(widths.Length), (w, a) => kind(macs, w, a));
        }).ToArray();
        var problem = new AllocationProblem { Widths = widths, Cost = bits => 7.5 + Sum(blocks, bits), Blocks = blocks, Budget = 0 };
        return problem with { Budget = Budget(problem, random) };
    }

    /// <summary>Six widths, each tied to the next: what one may be depends on what the one before is.</summary>
    public static AllocationProblem Chain(int seed)
    {
        var random = new Random(seed);
        int[] bits = [1, 2, 4];
        var widths = Enumerable.Range(0, 6).Select(_ =>
        {
            var (first, second) = (random.NextDouble(), random.NextDouble());
            return new WidthOptions(bits, [first + second, first, 0]);
        }).ToArray();
        var blocks = Enumerable.Range(0, 5).Select(i =>
        {
            var macs = random.Next(1, 10);
            return new CostBlock(i, i + 1, (a, b) => macs * a * b);
        }).ToArray();
        var problem = new AllocationProblem { Widths = widths, Cost = b => Sum(blocks, b), Blocks = blocks, Budget = 0 };
        return problem with { Budget = Budget(problem, random) };
    }

    /// <summary>The same layer many times over.</summary>
    public static AllocationProblem EqualLayers(int layers, bool isShared, double share)
    {
        var problem = Layers(layers, 1, isShared);
        var blocks = problem.Blocks!.Select(b => b with { Cost = (w, a) => w * a }).ToArray();
        return problem with
        {
            Widths = problem.Widths.Select(_ => problem.Widths[0]).ToArray(),
            Cost = bits => Sum(blocks, bits),
            Blocks = blocks,
            Budget = Math.Round(layers * (4 + (share * 60)))
        };
    }

    /// <summary>The small ones, with a cost that is no sum: the dearest layer, or the whole in steps.</summary>
    public static AllocationProblem SmallBlackBox(int seed)
    {
        var random = new Random(seed);
        var problem = Small(seed);
        var blocks = problem.Blocks!;
        Func<IReadOnlyList<int>, double> cost = random.Next(3) switch
        {
            0 => bits => blocks.Max(b => b.At(bits)),
            1 => bits => Math.Ceiling(Sum(blocks, bits) / 5000),
            _ => bits => Math.Pow(Sum(blocks, bits), 1.5)
        };
        problem = problem with { Cost = cost, Blocks = null };
        return problem with { Budget = Budget(problem, random) };
    }

    /// <summary>Layers with two widths of 2 to 8 bits each, or every four with a common activation width; losses κ·4^-bits.</summary>
    /// <param name="layers">How many.</param>
    /// <param name="seed">Of the numbers.</param>
    /// <param name="isShared">Whether activation widths are common.</param>
    /// <param name="share">The budget, from the least cost at 0 to the most at 1.</param>
    public static AllocationProblem Layers(int layers, int seed, bool isShared = false, double share = 0.3)
    {
        var random = new Random(seed);
        var bits = Enumerable.Range(2, 7).ToArray();
        var widths = Enumerable.Range(0, isShared ? layers + ((layers + 3) / 4) : 2 * layers).Select(_ =>
        {
            var sensitivity = Math.Pow(10, 4 * random.NextDouble());
            return new WidthOptions(bits, bits.Select(b => sensitivity * Math.Pow(4, -b)).ToArray());
        }).ToArray();
        var places = Enumerable.Range(0, layers)
            .Select(i => (Weight: i, Activation: layers + (isShared ? i / 4 : i), Macs: (double)random.Next(1_000_000, 100_000_000)))
            .ToArray();
        var (least, most) = (places.Sum(p => p.Macs * 4), places.Sum(p => p.Macs * 64));
        return new AllocationProblem
        {
            Widths = widths,
            Cost = b => places.Sum(p => p.Macs * b[p.Weight] * b[p.Activation]),
            Blocks = places.Select(p => new CostBlock(p.Weight, p.Activation, (w, a) => p.Macs * w * a)).ToArray(),
            Budget = least + (share * (most - least))
        };
    }

    /// <summary>Each of the first widths times each of all others.</summary>
    public static CostBlock[] Products(int first, int all) =>
    [
        .. from i in Enumerable.Range(0, first)
           from j in Enumerable.Range(i + 1, all - i - 1)
           select new CostBlock(i, j, (a, b) => a * b)
    ];

    /// <summary>The cost of a problem with blocks, on a menu of it.</summary>
    public static AdditiveCost Additive(Menu menu, AllocationProblem problem) =>
        new(menu, problem.Blocks!, problem.Cost(problem.Widths.Select(w => w.Bits[0]).ToArray()));

    private static double Sum(IReadOnlyList<CostBlock> blocks, IReadOnlyList<int> bits) => blocks.Sum(b => b.At(bits));

    private static WidthOptions Width(Random random)
    {
        int[] bits = random.Next(6) switch
        {
            0 => [random.Next(1, 9)],
            1 => [2, 4, 8],
            _ => Enumerable.Range(random.Next(1, 4), random.Next(2, 5)).ToArray()
        };
        var sensitivity = Math.Pow(2, random.Next(-4, 9));
        var noise = random.Next(3) * 0.5;
        var losses = bits.Select(b => sensitivity * (Math.Pow(4, -b) + (noise * (random.NextDouble() - 0.5) / 16)));
        // Few different losses make ties common.
        return new WidthOptions(bits, (random.Next(4) == 0 ? losses.Select(l => Math.Round(4 * l)) : losses).ToArray());
    }

    private static double Budget(AllocationProblem problem, Random random)
    {
        double At(Func<WidthOptions, int> bits) => problem.Cost(problem.Widths.Select(bits).ToArray());
        var (least, most) = (At(w => w.Bits[0]), At(w => w.Bits[^1]));
        return random.Next(3) == 0 ? At(w => w.Bits[random.Next(w.Bits.Count)]) : least + (random.NextDouble() * (most - least));
    }
}
