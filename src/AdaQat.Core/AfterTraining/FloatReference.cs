using AdaQat.Calibration;
using AdaQat.Isolation;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AfterTraining;

/// <summary>What the network gives in float on the data, and how near its outputs are to that now.</summary>
internal sealed class FloatReference : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly IReadOnlyList<Tensor> _data;
    private readonly List<Tensor> _outputs = [];

    /// <summary>Looks at the data, and runs the model on them.</summary>
    /// <exception cref="ArgumentException">
    /// There are no data, or a batch is empty, not finite, of a shape that the model does not take, or led to outputs that are not finite.
    /// </exception>
    public FloatReference(QuantizedModel quantized, nn.Module<Tensor, Tensor> model, IReadOnlyList<Tensor> data, CancellationToken token)
    {
        (_model, _data) = (model, data);
        if (data.Count == 0)
        {
            throw new ArgumentException("There are no data; at least one batch is needed.", nameof(data));
        }

        try
        {
            using var inFloat = quantized.InFloat();
            Run((batch, index) => CalibrationBatches.Run(model, batch, index, nameof(data), output =>
            {
                if (!output.isfinite().all().item<bool>())
                {
                    throw new InvalidOperationException(
                        $"In float the model's output for batch {index} (counted from 0) holds NaN or infinity: nothing can be kept to.");
                }

                _outputs.Add(output.detach().clone().DetachFromDisposeScope());
            }), token);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>10·log₁₀(Σy² / Σ(ŷ − y)²); negative infinity where an output is not finite.</summary>
    public double SignalToNoise(CancellationToken token)
    {
        var (signal, noise) = (0.0, 0.0);
        Run((batch, index) =>
        {
            var output = _outputs[index].to(ScalarType.Float64);
            signal += output.Square().sum().item<double>();
            noise += _model.call(batch).to(ScalarType.Float64).sub(output).Square().sum().item<double>();
        }, token);
        return double.IsFinite(noise) ? 10 * Math.Log10(signal / noise) : double.NegativeInfinity;
    }

    public void Dispose() => _outputs.ForEach(o => o.Dispose());

    /// <summary>In eval mode, without a trace.</summary>
    private void Run(Action<Tensor, int> look, CancellationToken token)
    {
        using var mode = new EvaluationMode(_model);
        using var isolation = new ForwardIsolation(_model);
        using var noGradient = no_grad();
        for (var index = 0; index < _data.Count; index++)
        {
            token.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            look(_data[index], index);
        }
    }
}
