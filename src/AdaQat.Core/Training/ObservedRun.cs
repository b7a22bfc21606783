using System.Runtime.ExceptionServices;

namespace AdaQat.Training;

/// <summary>The observers of a run under way: each that was told of its start is told of its end.</summary>
internal sealed class ObservedRun : IDisposable
{
    private readonly Stack<ITrainingObserver> _started = [];
    private readonly IReadOnlyList<ITrainingObserver> _observers;
    private readonly QuantizedModel? _model;
    private readonly WidthReadings? _widths;

    public ObservedRun(IReadOnlyList<ITrainingObserver> observers, QuantizedModel? model, TrainingPlan plan)
    {
        (_observers, _model) = (observers, model);
        _widths = model is null ? null : new WidthReadings(model);
        try
        {
            foreach (var observer in observers)
            {
                observer.OnStart(plan);
                _started.Push(observer);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        if (model is not null)
        {
            model.Warning += Pass;
        }
    }

    /// <summary>The bit-widths after a step; null for a model in float.</summary>
    public WidthReading? Widths(BitWidthStep? step) => _widths?.After(step);

    public void OnStep(TrainingStep step) => Tell(observer => observer.OnStep(step));

    public void OnEpoch(TrainingEpoch epoch) => Tell(observer => observer.OnEpoch(epoch));

    /// <summary>The run is done or interrupted: tells all, and raises the first of what they throw.</summary>
    public void End() => EndAll()?.Throw();

    /// <summary>Where the run has failed: tells those who were not told yet. What they throw would hide the cause.</summary>
    public void Dispose() => EndAll();

    private void Pass(object? sender, QuantizationWarning warning) => Tell(observer => observer.OnWarning(warning));

    private void Tell(Action<ITrainingObserver> what)
    {
        foreach (var observer in _observers)
        {
            what(observer);
        }
    }

    private ExceptionDispatchInfo? EndAll()
    {
        ExceptionDispatchInfo? first = null;
        if (_model is not null)
        {
            _model.Warning -= Pass;
        }

        while (_started.TryPop(out var observer))
        {
            try
            {
                observer.OnEnd();
            }
#pragma warning disable CA1031 // Whatever it is, the others are told too; the first is raised afterwards.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                first ??= ExceptionDispatchInfo.Capture(fault);
            }
        }

        return first;
    }
}
