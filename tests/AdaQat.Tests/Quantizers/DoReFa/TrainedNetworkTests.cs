using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

/// <summary>A network that was trained in float survives quantization to high widths.</summary>
public sealed class TrainedNetworkTests : IDisposable
{
    private static readonly Lazy<Dictionary<string, Tensor>> Trained = new(() =>
    {
        using var test = new TrainedNetworkTests(isTrained: false);
        test.Fit(2000, learningRate: 0.01);
        return test._model.state_dict().ToDictionary(t => t.Key, t => t.Value.clone().DetachFromDisposeScope());
    });

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Tensor _x;
    private readonly Tensor _y;

    public TrainedNetworkTests()
        : this(isTrained: true)
    {
    }

    private TrainedNetworkTests(bool isTrained)
    {
        manual_seed(3);
        _model = nn.Sequential(
            ("fc1", nn.Linear(1, 64)), ("relu1", nn.ReLU()), ("fc2", nn.Linear(64, 64)), ("relu2", nn.ReLU()), ("fc3", nn.Linear(64, 1)));
        _x = linspace(-2, 2, 256).unsqueeze(1);
        _y = (_x * 3).sin() * 4;
        if (isTrained)
        {
            _model.load_state_dict(Trained.Value);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void A_regression_by_large_weights_keeps_its_loss_by_default(int bits)
    {
        Loss().Should().BeLessThan(0.005);
        using var quantized = Attach(bits);
        quantized.Calibrate([_x]);

        Loss().Should().BeLessThan(0.02);
        quantized.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Tanh_destroys_it_and_whoever_chose_it_is_told_of_each_layer_once()
    {
        using var quantized = Attach(16, WeightTransform.Tanh);
        var told = new List<QuantizationWarning>();
        quantized.Warning += (_, warning) => told.Add(warning);

        quantized.Calibrate([_x]);
        Loss().Should().BeGreaterThan(0.5);
        Fit(2);

        told.Should().BeEmpty("attaching has said it");
        quantized.Warnings.Should().Contain(w => w.Subject == "fc1.weight")
            .Which.Message.Should().Match("Layer 'fc1': tanh alone, before anything is rounded, changes its weight by * % (relative *");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_that_are_loaded_after_attaching_are_looked_at_where_calibration_or_training_begins(bool calibrates)
    {
        using (no_grad())
        {
            _model.parameters().ToList().ForEach(p => p.mul_(0.01));
        }

        using var quantized = Attach(8, WeightTransform.Tanh);
        quantized.Warnings.Should().BeEmpty();
        _model.load_state_dict(Trained.Value, strict: false);

        if (calibrates)
        {
            quantized.Calibrate([_x]);
        }
        else
        {
            Fit(1);
        }

        quantized.Warnings.Should().Contain(w => w.Subject == "fc1.weight");
    }

    [Fact]
    public void Fine_tuning_by_default_goes_on_where_float_training_ended()
    {
        using var quantized = Attach(8);

        Fit(20);

        Loss().Should().BeLessThan(0.02);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    private QuantizedModel Attach(int bits, WeightTransform? transform = null) => QuantizedModel.Attach(_model, _x, new QuantizationOptions
    {
        WeightBits = BitWidthChoice.Fixed(bits),
        ActivationBits = BitWidthChoice.Fixed(bits),
        FirstLayerBits = bits,
        LastLayerBits = bits,
        Weights = transform is { } chosen ? new DoReFaOptions { Transform = chosen } : new DoReFaOptions(),
    });

    private void Fit(int steps, double learningRate = 0.001)
    {
        _model.train();
        using var optimizer = optim.Adam(_model.parameters(), learningRate);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(_model.call(_x), _y).backward();
            optimizer.step();
        }
    }

    private double Loss()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return nn.functional.mse_loss(_model.call(_x), _y).item<float>();
    }
}
