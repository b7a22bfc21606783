namespace AdaQat.Runtime;

/// <summary>Places for values so that two that are needed at one time never overlap: the largest first, each at the lowest place.</summary>
internal static class MemoryPlan
{
    /// <summary>Sets the slots' places.</summary>
    /// <returns>How many bytes are needed.</returns>
    public static long Place(IEnumerable<Slot> slots)
    {
        var placed = new List<Slot>();
        long size = 0;
        foreach (var slot in slots.OrderByDescending(slot => slot.Room))
        {
            long offset = 0;
            var beside = placed.Where(other => other.First <= slot.Last && slot.First <= other.Last);
            foreach (var other in beside.OrderBy(other => other.Offset))
            {
                if (offset + slot.Room <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Room);
            }

            slot.Offset = offset;
            size = Math.Max(size, offset + slot.Room);
            placed.Add(slot);
        }

        return size;
    }
}
