using AdaQat.Export;
using AdaQat.Graph;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.Requantization;

/// <summary>The oracle is the function of every single integer, and its nearest code.</summary>
public sealed class CodeStepsTests
{
    private static readonly PointwiseOperator[] Functions =
    [
        .. Enum.GetValues<ActivationFunction>().Select(function => new ActivationOperator(function)),
        new ActivationOperator(ActivationFunction.LeakyRelu, -0.5), new ActivationOperator(ActivationFunction.Elu, -1),
        new ActivationOperator(ActivationFunction.Celu, -0.7), new ActivationOperator(ActivationFunction.Softplus, 3),
        .. Enum.GetValues<UnaryFunction>().Select(function => new UnaryOperator(function))
            .Where(function => Curve.Bends(function) is not null),
    ];

    [Fact]
    public void Sums_behind_functions_have_the_code_of_the_functions_value() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), IsRight);

    [Fact]
    public void A_function_turns_where_it_says()
    {
        foreach (var function in Functions)
        {
            double[] ends = [-6, .. Curve.Bends(function)!, 6];
            foreach (var (from, to) in ends.Zip(ends.Skip(1)))
            {
                var values = Curve.Of(function, [.. Enumerable.Range(0, 2001).Select(i => from + ((to - from) * i / 2000))]);
                var changes = values.Zip(values.Skip(1), (a, b) => b - a).Where(change => Math.Abs(change) > 1e-14);
                changes.Select(Math.Sign).Distinct().Should().HaveCountLessThan(2, $"{function} from {from} to {to}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Rising_and_falling_codes_are_rules_of_a_channel(int constant)
    {
        new IntegerSteps([-3, 1, 4], [0, 1, 2, 5], -9, 9).Rule(7).Should().BeOfType<AdaQat.Runtime.Thresholds>();
        foreach (var steps in new[]
        {
            new IntegerSteps([-3, 1, 4], [1, 2, 3, 6], -9, 9), new IntegerSteps([-3, 1, 4], [6, 3, 2, 1], -9, 9),
            new IntegerSteps([], [constant], -9, 9), new IntegerSteps([9], [0, 7], -9, 9), new IntegerSteps([-8], [7, 0], -9, 9),
        })
        {
            for (var integer = -9; integer <= 9; integer++)
            {
                steps.Rule(7).CodeOf(integer, 7).Should().Be(CodeOf(steps, integer), $"{integer} in {steps}");
            }
        }
    }

    private static int CodeOf(IntegerSteps steps, long integer) => steps.Codes[steps.From.Count(from => integer >= from)];

    private static void IsRight(int seed)
    {
        var random = new Random(seed);
        var bits = random.Next(1, 9);
        var grid = new CodeGrid(0.004 + (random.NextDouble() / bits), random.Next(3) == 0 ? 0.5 : 0, -random.Next(0, 1 << bits), 0);
        grid = grid with { Highest = grid.Lowest + (1 << bits) - 1 };
        var map = new ChannelMap(Rational.Of((random.NextDouble() - 0.5) / 12), Rational.Of(random.NextDouble() - 0.5));
        for (var functions = random.Next(1, 3); functions > 0; functions--)
        {
            map = new(Rational.Of(random.NextDouble() - 0.4), Rational.Of(random.NextDouble() - 0.5),
                Curve: new(Functions[random.Next(Functions.Length)], map));
            map = random.Next(3) == 0 ? map.Clamped(Rational.Of(-0.3), random.Next(2) == 0 ? null : 1) : map;
        }

        var (min, max) = (-random.Next(0, 200), random.Next(0, 200));
        var steps = CodeSteps.Of(grid).Before(map.BehindRoot()).Before(map.Root()).OnIntegers(min, max);

        for (var integer = min; integer <= max; integer++)
        {
            var number = map.Of(integer);
            if (CodeOf(steps, integer) is var code && code != grid.CodeOf(number) && !IsNearThreshold(number, grid))
            {
                throw new InvalidOperationException($"The code of {integer} is {code}, not {grid.CodeOf(number)}, by {map}, {grid}.");
            }
        }
    }

    /// <summary>Where 64-bit arithmetic of the function itself decides.</summary>
    private static bool IsNearThreshold(Rational number, CodeGrid grid) =>
        Enumerable.Range(0, grid.MaxCode).Any(j => (number - grid.Threshold(j).Bound).Magnitude < Rational.Of(1e-13));
}
