using AdaQat.Isolation;

namespace AdaQat.Probing;

/// <summary>
/// Where the random state stood when each training forward began, so that a probe draws the same dropout masks: the k-th forward of a
/// probe starts from the state of the k-th of the step's.
/// </summary>
internal sealed class ForwardRecord(ModelRandom random)
{
    // More forwards than this in one step come from training that makes no steps of widths; only the last can matter.
    private const int Capacity = 64;

    private readonly List<RandomState> _states = [];
    private int _forwardsOfProbe;
    private int? _forwardsPerProbe;

    /// <summary>The generators whose states are kept.</summary>
    public ModelRandom Random => random;

    /// <summary>Whether states are kept: not before there is an optimizer of widths, nor once no width is left to learn.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether forwards repeat recorded ones now.</summary>
    public bool IsProbing { get; private set; }

    /// <summary>
    /// Where a step had more forwards than a probe makes (gradients accumulated over several batches), the probe repeats the last ones.
    /// </summary>
    private int FirstRepeated => Math.Max(0, _states.Count - (_forwardsPerProbe ?? _states.Count));

    public void Begin(bool isTraining)
    {
        if (IsProbing)
        {
            Replay();
        }
        else if (isTraining && IsActive)
        {
            _states.Add(random.Capture());
            if (_states.Count > Capacity)
            {
                _states[0].Dispose();
                _states.RemoveAt(0);
            }
        }
    }

    /// <summary>Between this and <see cref="EndProbe"/>, forwards repeat recorded ones.</summary>
    public void BeginProbe() => (IsProbing, _forwardsOfProbe) = (true, 0);

    public void EndProbe() => IsProbing = false;

    /// <summary>
    /// After a probe: whether it repeated the right forwards. The first one cannot know how many it will make; where the step had
    /// more, it began at the wrong one and has to be made again.
    /// </summary>
    public bool Repeated()
    {
        var assumed = FirstRepeated;
        _forwardsPerProbe = _forwardsOfProbe;
        return _forwardsOfProbe == 0 || FirstRepeated == assumed;
    }

    /// <summary>Forgets the step's forwards.</summary>
    public void Clear()
    {
        _states.ForEach(s => s.Dispose());
        _states.Clear();
    }

    private void Replay()
    {
        var index = FirstRepeated + _forwardsOfProbe++;
        if (index < _states.Count)
        {
            _states[index].Restore();
        }
    }
}
