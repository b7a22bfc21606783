namespace AdaQat.Training;

/// <summary>Shows a person how a run goes.</summary>
public interface IRunDisplay : ITrainingObserver
{
    /// <summary>Says something that a person should know; from any thread, before, during and after a run.</summary>
    /// <param name="message">One line, or a few.</param>
    void Say(string message);
}
