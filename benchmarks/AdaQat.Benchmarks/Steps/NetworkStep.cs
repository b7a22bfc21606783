using System.Diagnostics;
using AdaQat.Benchmarks.Networks;
using AdaQat.Quantizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Steps;

/// <summary>The step of a training loop, as <see cref="AdaQatTrainer"/> has it, on a network and an optimizer of its own.</summary>
internal sealed class NetworkStep : ITimedStep, IDisposable
{
    private readonly SyntheticBatch _batch;
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly QuantizedModel? _quantized;
    private readonly BitWidthOptimizer? _widths;
    private readonly SGD _weights;
    private readonly Action _step;

    public NetworkStep(NetworkKind network, StepKind kind, SyntheticBatch batch)
    {
        manual_seed(SyntheticBatch.Seed);
        _batch = batch;
        _step = kind.ForwardOnly ? Forward : Train;
        _model = network.Make();
        _model.train();
        if (kind.Quantization is { } quantization)
        {
            _quantized = Attach(_model, batch, quantization);
            if (kind.Frozen)
            {
                _quantized.Widths.ToList().ForEach(width => width.Freeze());
            }

            _widths = kind.Widths is { } options ? new BitWidthOptimizer(_quantized, options) : null;
        }

        _weights = optim.SGD(_model.parameters(), 0.01, momentum: 0.9, weight_decay: 1e-4);
    }

    public double Take()
    {
        var start = Stopwatch.GetTimestamp();
        _step();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _quantized?.Dispose();
        _weights.Dispose();
        _model.Dispose();
    }

    private void Train()
    {
        using var scope = NewDisposeScope();
        _weights.zero_grad();
        var loss = Loss();
        loss.backward();
        _widths?.Step(loss, Loss);
        _weights.step();
    }

    private void Forward()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Loss();
    }

    private Tensor Loss() => nn.functional.cross_entropy(_model.call(_batch.Images), _batch.Labels);

    private static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, SyntheticBatch batch, QuantizationOptions quantization)
    {
        using var example = batch.Images.narrow(0, 0, 1);
        return QuantizedModel.Attach(model, example, quantization);
    }
}
