using AdaQat.Quantizers;
using AdaQat.Training;
using static TorchSharp.torch;

namespace AdaQat.Tests.Training;

/// <summary>An optimizer that was made before the model was attached does not know the quantizers' parameters.</summary>
public sealed class EarlyOptimizerTests : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Linear();
    private readonly Tensor _input = rand(6, 4);

    public void Dispose()
    {
        _model.Dispose();
        _input.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_trainer_refuses_it_by_name(bool asList)
    {
        using var early = optim.SGD(asList ? _model.parameters().ToList() : _model.parameters(), 0.1);
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());

        var make = () => new AdaQatTrainer(quantized, early, TrainerRun.CrossEntropy);

        make.Should().Throw<ArgumentException>().WithMessage(
            "The optimizer does not move 'fc1.activation_quantizer.alpha': make it after attaching, of quantized.Parameters()*");
    }

    [Fact]
    public void A_parameter_that_needs_no_gradient_need_not_be_the_optimizers()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());
        foreach (var parameter in quantized.QuantizerParameters())
        {
            parameter.requires_grad_(false);
        }

        using var weights = optim.SGD(quantized.ModelParameters(), 0.1);

        FluentActions.Invoking(() => new AdaQatTrainer(quantized, weights, TrainerRun.CrossEntropy)).Should().NotThrow();
    }
}
