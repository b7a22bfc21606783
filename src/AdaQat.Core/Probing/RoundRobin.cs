using AdaQat.Freezing;

namespace AdaQat.Probing;

/// <summary>Chooses which widths a step measures: all, or as many as allowed, one after the other.</summary>
internal sealed class RoundRobin(int maximumPerStep)
{
    /// <summary>The place in the list of all widths at which the next step begins to look.</summary>
    public int Next { get; set; }

    /// <summary>
    /// The widths of this step, in every how many steps one of them has its turn, and what <see cref="Next"/> becomes if the step is made:
    /// one that is refused must not use up a turn.
    /// </summary>
    public (IReadOnlyList<WidthState> Chosen, double StepsPerTurn, int Next) Choose(IReadOnlyList<WidthState> all)
    {
        var learning = all.Count(s => !s.Width.IsFrozen);
        if (learning <= maximumPerStep)
        {
            return (all.Where(s => !s.Width.IsFrozen).ToList(), 1, Next);
        }

        var chosen = new List<WidthState>(maximumPerStep);
        var place = Next;
        while (chosen.Count < maximumPerStep)
        {
            if (!all[place].Width.IsFrozen)
            {
                chosen.Add(all[place]);
            }

            place = (place + 1) % all.Count;
        }

        return (chosen, (double)learning / maximumPerStep, place);
    }
}
