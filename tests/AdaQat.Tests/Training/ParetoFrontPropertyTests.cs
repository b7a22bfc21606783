using AdaQat.Training;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Training;

/// <summary>The front of points against its definition, with so few values that ties are common.</summary>
public sealed class ParetoFrontPropertyTests
{
    private static readonly Gen<ParetoPoint[]> Runs =
        (from accuracy in Gen.Choose(0, 6)
         from cost in Gen.Choose(1, 6)
         select (accuracy, cost)).ListOf()
        .Select(points => points.Select((p, index) => new ParetoPoint(index + 1, index + 1, p.accuracy / 6.0, p.cost, 4, 4, "")).ToArray());

    [Fact]
    public void No_kept_point_covers_another() => Arbitrary.ForAll(Runs, run =>
    {
        var kept = Front(run).Points;
        kept.Any(p => kept.Any(other => !ReferenceEquals(other, p) && other.Dominates(p))).Should().BeFalse();
    });

    [Fact]
    public void Every_offered_point_is_covered_by_a_kept_one_so_that_nothing_not_dominated_is_lost() => Arbitrary.ForAll(Runs, run =>
    {
        var kept = Front(run).Points;
        run.All(p => kept.Any(k => k.Dominates(p))).Should().BeTrue();
        kept.All(p => run.Any(r => ReferenceEquals(r, p))).Should().BeTrue();
    });

    [Fact]
    public void Every_point_offered_is_kept_let_go_or_refused_and_the_order_is_that_of_the_cost() => Arbitrary.ForAll(Runs, run =>
    {
        var front = new ParetoFront();
        var expected = new HashSet<ParetoPoint>();
        foreach (var point in run)
        {
            var accepts = front.Accepts(point);
            front.Offer(point, out var dominated).Should().Be(accepts);
            expected.ExceptWith(dominated);
            if (accepts)
            {
                expected.Add(point);
            }

            front.Points.Should().BeEquivalentTo(expected);
            front.Points.Should().BeInAscendingOrder(p => p.Cost).And.BeInAscendingOrder(p => p.Accuracy);
        }
    });

    [Fact]
    public void The_order_of_offers_does_not_change_the_front() => Arbitrary.ForAll(Runs, run =>
    {
        var forth = Front(run).Points.Select(p => (p.Accuracy, p.Cost));
        Front([.. run.Reverse()]).Points.Select(p => (p.Accuracy, p.Cost)).Should().Equal(forth);
    });

    [Fact]
    public void Of_equal_points_the_first_stays_and_NaN_is_refused()
    {
        var front = new ParetoFront();
        var first = new ParetoPoint(1, 1, 0.5, 10, 4, 4, "");

        front.Offer(first, out _).Should().BeTrue();
        front.Offer(first with { Epoch = 2 }, out var dominated).Should().BeFalse();

        dominated.Should().BeEmpty();
        front.Points.Should().Equal(first);
        front.Invoking(f => f.Offer(first with { Accuracy = double.NaN }, out _)).Should().Throw<ArgumentException>().WithMessage("*NaN*");
    }

    private static ParetoFront Front(IEnumerable<ParetoPoint> points)
    {
        var front = new ParetoFront();
        foreach (var point in points)
        {
            front.Offer(point, out _);
        }

        return front;
    }
}
