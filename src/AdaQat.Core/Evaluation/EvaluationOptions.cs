using static TorchSharp.torch;

namespace AdaQat;

/// <summary>What an evaluation measures besides accuracy and size.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// The mean loss of an output and a target. Default: the cross-entropy of scores [batch, classes] and classes [batch].
    /// </summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = (output, target) => nn.functional.cross_entropy(output, target);

    /// <summary>
    /// Counts what is right in a batch, from the model's output and the target; null counts the samples [batch, classes] whose largest
    /// score is the target's. Default null.
    /// </summary>
    public Func<Tensor, Tensor, double>? CountCorrect { get; init; }

    /// <summary>How inferences of one sample are timed; null leaves the timing out. Default: 200 inferences.</summary>
    public InferenceTimingOptions? Timing { get; init; } = new();

    /// <summary>
    /// Costs of an inference to tell, such as its energy; in float at 32 bits for every layer. Default none.
    /// </summary>
    public IReadOnlyList<IHardwareCost> Costs { get; init; } = [];

    /// <summary>
    /// The loss and accuracy of the float network, where its weights have been trained on since: take <c>InFloat.Quality</c> of an
    /// evaluation before. Null, the default, computes the weights of now in float, which are those that quantization was trained into.
    /// </summary>
    public Training.Evaluation? FloatQuality { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Loss);
        ArgumentNullException.ThrowIfNull(Costs);
        Timing?.Validate();
        if (Costs.Contains(null!))
        {
            throw new ArgumentException($"{nameof(Costs)} holds null; allowed are costs.", nameof(Costs));
        }
    }
}
