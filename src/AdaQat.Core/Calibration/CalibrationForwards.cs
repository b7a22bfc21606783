using AdaQat.Isolation;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Forwards in float that leave no trace, while what layers read is shown to observers.</summary>
internal static class CalibrationForwards
{
    /// <param name="model">The model.</param>
    /// <param name="inputs">What its layers read.</param>
    /// <param name="observers">As many, each shown its input.</param>
    /// <param name="forwards">Calls the model.</param>
    public static void Run(nn.Module model, IReadOnlyList<IObservedInput> inputs, IReadOnlyList<Action<Tensor>> observers, Action forwards)
    {
        try
        {
            foreach (var (input, observer) in inputs.Zip(observers))
            {
                input.InputObserver = observer;
            }

            using (new EvaluationMode(model))
            using (new ForwardIsolation(model))
            {
                forwards();
            }
        }
        finally
        {
            foreach (var input in inputs)
            {
                input.InputObserver = null;
                input.Forget();
            }
        }
    }

    /// <exception cref="ArgumentException">No input was reached.</exception>
    public static void RequireAny(bool wasReached)
    {
        if (!wasReached)
        {
            throw new ArgumentException("There is nothing to calibrate with: no batch reached a quantized layer; at least one is needed.");
        }
    }
}
