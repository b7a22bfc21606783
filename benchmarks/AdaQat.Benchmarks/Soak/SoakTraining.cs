using AdaQat.Benchmarks.Steps;
using AdaQat.Quantizers;
using ResNet20Cifar.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Soak;

/// <summary>
/// A small network in training, and all that happens to one besides: evaluations, attaching anew, exceptions in the middle of anything.
/// </summary>
internal sealed class SoakTraining : ISoakedWork
{
    public const int Depth = 8;

    /// <summary>
    /// Few images, for many steps in little time; yet the inputs of the first stage are more than one block of the kernels.
    /// </summary>
    public const int BatchSize = 4;

    private const int StepsPerEvaluation = 20;
    private const int StepsPerException = 30;
    private const int StepsPerAttachment = 100;

    private readonly SyntheticBatch _batch = new(BatchSize, 3, 32, 32);
    private readonly CifarResNet _model = new(Depth);
    private readonly List<Action> _faults;
    private QuantizedModel _quantized;
    private BitWidthOptimizer _widths;
    private SGD _weights;
    private int _forwardsUntilFault;

    public SoakTraining()
    {
        _faults =
        [
            () => Break(forward: 1, () => Loss()),
            () => Break(forward: 1, Evaluate),
            () => Break(forward: 2, Train),
            () => Break(forward: 3, Train),
            () => Fail(() => Train(() => throw new InjectedException())),
        ];
        // Registered before the quantizers' own hooks: it throws while the layer still has its quantized weight.
        var middle = (Conv2d)_model.named_modules().Single(module => module.name == "layer2.0.conv2").module;
        middle.register_forward_hook(
            (_, _, output) => _forwardsUntilFault > 0 && --_forwardsUntilFault == 0 ? throw new InjectedException() : output);
        _model.train();
        (_quantized, _widths, _weights) = Attach();
    }

    public string Describe(int steps) => FormattableString.Invariant(
        $"{steps} steps of ResNet-{Depth} at batch {BatchSize} with probes, evaluations, attaching anew and exceptions in between.");

    /// <summary>What is due before the step, then the step itself.</summary>
    public void Take(int step)
    {
        if (step % StepsPerAttachment == 0)
        {
            AttachAnew();
        }

        if (step % StepsPerEvaluation == 0)
        {
            Evaluate();
        }

        if (step % StepsPerException == 0)
        {
            _faults[step / StepsPerException % _faults.Count]();
        }

        Train();
    }

    public void Dispose()
    {
        Detach();
        _model.Dispose();
        _batch.Dispose();
    }

    private void Train() => Train(() => Loss());

    private void Train(Func<Tensor> probe)
    {
        using var scope = NewDisposeScope();
        _weights.zero_grad();
        var loss = Loss();
        loss.backward();
        _widths.Step(loss, probe);
        _weights.step();
    }

    private void Evaluate()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        _model.eval();
        try
        {
            Loss();
        }
        finally
        {
            _model.train();
        }
    }

    private void AttachAnew()
    {
        Detach();
        using (NewDisposeScope())
        {
            // In float, and with an attachment that is refused: the example has too many channels.
            Loss();
            using var wrong = rand(1, 4, 32, 32);
            try
            {
                using var refused = QuantizedModel.Attach(_model, wrong, Scheme());
                throw new InvalidOperationException("An example of a wrong shape was not refused.");
            }
            catch (Exception fault) when (fault is not InvalidOperationException)
            {
                // As it should be.
            }
        }

        (_quantized, _widths, _weights) = Attach();
    }

    private void Detach()
    {
        _weights.Dispose();
        _quantized.Dispose();
    }

    private (QuantizedModel Quantized, BitWidthOptimizer Widths, SGD Weights) Attach()
    {
        using var example = _batch.Images.narrow(0, 0, 1);
        var quantized = QuantizedModel.Attach(_model, example, Scheme());
        // Widths stay where they are: every step is to probe, the last as the first.
        var widths = new BitWidthOptimizer(
            quantized, new BitWidthOptimizerOptions { LearningRate = 1e-9, ProbeInterval = 1, MaximumProbesPerStep = 2 });
        return (quantized, widths, optim.SGD(quantized.Parameters(), 0.001, momentum: 0.9));
    }

    private static QuantizationOptions Scheme() => new()
    {
        WeightBits = BitWidthChoice.Learned(start: 3.5),
        ActivationBits = BitWidthChoice.Learned(start: 3.5),
        WeightSharing = WidthSharing.Layer,
        ActivationSharing = WidthSharing.Layer,
    };

    /// <summary>
    /// Throws in the middle of the n-th forward of what is done: of the first, that of the step; of later ones, those of probes.
    /// </summary>
    private void Break(int forward, Action action)
    {
        _forwardsUntilFault = forward;
        Fail(action);
    }

    private static void Fail(Action action)
    {
        using var scope = NewDisposeScope();
        try
        {
            action();
        }
        catch (InjectedException)
        {
            return;
        }

        throw new InvalidOperationException("The exception thrown on purpose did not arrive.");
    }

    private Tensor Loss() => nn.functional.cross_entropy(_model.call(_batch.Images), _batch.Labels);
}
