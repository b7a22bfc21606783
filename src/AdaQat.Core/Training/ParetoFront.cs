namespace AdaQat.Training;

/// <summary>Points of which none is beaten by another in both accuracy and cost (the Pareto front of all that were offered).</summary>
/// <remarks>Of points equal in both, the first one offered stays.</remarks>
internal sealed class ParetoFront
{
    private readonly List<ParetoPoint> _points = [];

    /// <summary>The points, from the cheapest and least accurate to the dearest and most accurate.</summary>
    public IReadOnlyList<ParetoPoint> Points => _points;

    /// <summary>Whether <see cref="Offer"/> would keep <paramref name="point"/>.</summary>
    /// <exception cref="ArgumentException">Accuracy or cost is not a number.</exception>
    public bool Accepts(ParetoPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (double.IsNaN(point.Accuracy) || double.IsNaN(point.Cost))
        {
            throw new ArgumentException($"A point of the front needs an accuracy and a cost; this one has NaN: {point}.", nameof(point));
        }

        return !_points.Exists(p => p.Dominates(point));
    }

    /// <summary>Keeps <paramref name="point"/> unless one that is kept covers it, and lets go of those that it covers.</summary>
    /// <param name="point">The new point.</param>
    /// <param name="dominated">The points let go.</param>
    /// <returns>Whether it is kept.</returns>
    /// <exception cref="ArgumentException">Accuracy or cost is not a number.</exception>
    public bool Offer(ParetoPoint point, out IReadOnlyList<ParetoPoint> dominated)
    {
        if (!Accepts(point))
        {
            dominated = [];
            return false;
        }

        dominated = _points.FindAll(point.Dominates);
        _points.RemoveAll(point.Dominates);
        // Along a front cost and accuracy rise together, so one order serves both.
        var place = _points.FindIndex(p => p.Cost > point.Cost);
        _points.Insert(place < 0 ? _points.Count : place, point);
        return true;
    }
}
