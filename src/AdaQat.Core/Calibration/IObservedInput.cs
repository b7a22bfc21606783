using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>A tensor that layers read, which calibration looks at while they compute in float.</summary>
internal interface IObservedInput
{
    /// <summary>What quantizes it.</summary>
    Quantizer Quantizer { get; }

    /// <summary>Where not null, layers compute in float, and this is shown what they read.</summary>
    Action<Tensor>? InputObserver { set; }

    /// <summary>Ends what a forward that threw left open.</summary>
    void Forget();
}
