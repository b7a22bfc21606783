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
            End();
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

    public void Dispose()
    {
        if (_model is not null)
        {
            _model.Warning -= Pass;
        }

        End();
    }

    private void Pass(object? sender, QuantizationWarning warning) => Tell(observer => observer.OnWarning(warning));

    private void Tell(Action<ITrainingObserver> what)
    {
        foreach (var observer in _observers)
        {
            what(observer);
        }
    }

    private void End()
    {
        while (_started.TryPop(out var observer))
        {
            observer.OnEnd();
        }
    }
}
