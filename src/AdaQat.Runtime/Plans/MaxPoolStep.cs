using System.Runtime.Intrinsics;

namespace AdaQat.Runtime;

/// <summary>The largest of windows.</summary>
internal sealed unsafe class MaxPoolStep(Slot from, Slot to, WindowPlaces places, int channels, bool codes) : Step
{
    public override IEnumerable<Slot> Slots => [from, to];

    public override void Run(RunState state)
    {
        for (var place = 0; place < places.Count; place++)
        {
            var isFirst = true;
            for (var tap = 0; tap < places.Taps; tap++)
            {
                if (places.Element(place, tap) is not (>= 0 and var element))
                {
                    continue;
                }

                if (codes)
                {
                    Take(state.At(from) + (element * channels), state.At(to) + ((long)place * channels), isFirst);
                }
                else
                {
                    Take((int*)state.At(from) + (element * channels), (int*)state.At(to) + ((long)place * channels), isFirst);
                }

                isFirst = false;
            }
        }
    }

    private void Take<T>(T* row, T* into, bool isFirst)
        where T : unmanaged, IComparable<T>
    {
        var c = 0;
        if (isFirst)
        {
            new ReadOnlySpan<T>(row, channels).CopyTo(new Span<T>(into, channels));
            return;
        }

        for (; c + Vector128<T>.Count <= channels; c += Vector128<T>.Count)
        {
            Vector128.Max(Vector128.Load(row + c), Vector128.Load(into + c)).Store(into + c);
        }

        for (; c < channels; c++)
        {
            into[c] = row[c].CompareTo(into[c]) > 0 ? row[c] : into[c];
        }
    }
}
