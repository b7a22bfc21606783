using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Tracing;

/// <summary>A model that holds NaN or infinity attaches, and says so by name: TorchSharp leaves some parameters uninitialised.</summary>
public sealed class NonFiniteStateTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly Tensor _input = Networks.Images(2).Input;

    [Theory]
    [InlineData("bn1.weight", double.NaN)]
    [InlineData("conv2.weight", double.PositiveInfinity)]
    [InlineData("bn2.running_var", double.NegativeInfinity)]
    public void The_parameter_or_buffer_and_its_layer_are_named(string name, double value)
    {
        using (no_grad())
        {
            _model.state_dict()[name].flatten()[0].fill_(value);
        }

        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());

        var (layer, parameter) = (name.Split('.')[0], name.Split('.')[1]);
        quantized.Warnings.Should().ContainSingle().Which.Subject.Should().Be(name);
        quantized.Summary().ToString().Should().Contain($"warning: '{parameter}' of layer '{layer}' holds NaN or infinity");
    }

    [Fact]
    public void A_finite_model_has_no_warning()
    {
        using var quantized = QuantizedModel.Attach(_model, _input, new QuantizationOptions());

        quantized.Warnings.Should().BeEmpty();
        quantized.Summary().ToString().Should().NotContain("warning");
    }

    public void Dispose() => _scope.Dispose();
}
