using static TorchSharp.torch;

namespace AdaQat;

public sealed partial class QuantizedModel
{
    private bool _looksAtWeights = true;

    /// <summary>Tells what quantizers say of the weights that are there, each thing once.</summary>
    internal void LookAtWeights()
    {
        foreach (var layer in Layers.DistinctBy(l => l.WeightQuantizer))
        {
            if (layer.WeightQuantizer.DoubtAbout(layer.Attached.LatentWeight) is { } doubt)
            {
                var warning = new QuantizationWarning($"{layer.Name}.weight", $"Layer '{layer.Name}': {doubt}");
                if (!_warnings.Contains(warning))
                {
                    Warn(warning);
                }
            }
        }
    }

    /// <summary>Looks once more where training begins: weights may have been loaded since attaching.</summary>
    private void LookAtWeightsOfFirstTraining()
    {
        if (_looksAtWeights && IsQuantizing && Model.training && is_grad_enabled())
        {
            _looksAtWeights = false;
            LookAtWeights();
        }
    }

    /// <summary>Starts quantizers of weights that have not started: what a trained network brings is what counts.</summary>
    private void StartWeights()
    {
        foreach (var layer in Layers)
        {
            layer.WeightQuantizer.StartOnce(layer.Attached.LatentWeight);
        }

        LookAtWeights();
    }
}
