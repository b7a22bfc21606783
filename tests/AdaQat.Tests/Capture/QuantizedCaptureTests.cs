using AdaQat.Graph;
using AdaQat.Quantizers;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>The graph of an attached model: quantizers where hooks put them, weights as values of their grids.</summary>
public sealed class QuantizedCaptureTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(nameof(MobileNetV2), 11, 11)]
    [InlineData(nameof(UNet), 13, 13)]
    [InlineData(nameof(TimeSeriesNet), 6, 6)]
    [InlineData(nameof(VisionTransformer), 14, 10)]
    [InlineData(nameof(SiameseNet), 4, 6)]
    [InlineData(nameof(TwoHeads), 4, 3)]
    [InlineData(nameof(TiedNet), 3, 4)]
    [InlineData(nameof(NestedNet), 9, 7)]
    public void Every_weight_and_every_input_of_a_layer_is_quantized_once(string name, int weights, int inputs)
    {
        using var subject = Zoo.Create(name);
        using var quantized = subject.Attach(Low);
        StartRanges(subject);

        var graph = subject.Capture(quantized);

        var quantizers = graph.Nodes.Where(n => n.Operator is QuantizeOperator).ToList();
        quantizers.Count(n => graph.Constant(n.Inputs[0]) is not null).Should().Be(weights);
        quantizers.Count(n => graph.Constant(n.Inputs[0]) is null).Should().Be(inputs);
        var layers = graph.Nodes.Where(n => n.Operator is ConvolutionOperator or TransposedConvolutionOperator or LinearOperator);
        layers.Should().OnlyContain(n => n.Inputs.Take(2).All(v => graph.Producer(v).Operator is QuantizeOperator));
    }

    [Fact]
    public void The_graph_computes_what_the_quantized_model_does()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);
        var input = randn(4, 3, 8, 8);

        var graph = quantized.Graph(Example);

        var (made, expected) = (Graphs.Run(graph, input).Single(), Graphs.Run(model, input));
        // Rounding to a grid may fall on the other side here and there: sums are made in another order.
        made.Zip(expected).Sum(pair => Math.Pow(pair.First - pair.Second, 2)).Should().BeLessThan(1e-3 * expected.Sum(x => x * x));
    }

    [Fact]
    public void The_codes_of_a_weight_are_what_its_quantizer_says()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);

        var graph = quantized.Graph(Example);

        foreach (var layer in quantized.Layers)
        {
            using var encoded = layer.WeightQuantizer.Encode(model.get_parameter($"{layer.Name}.weight")!);
            var grid = (QuantizeOperator)graph.Node($"{layer.Name}.weight_quantizer").Operator;
            var values = ((ConstantOperator)graph.Node($"{layer.Name}.weight").Operator).Value.ToFloat64();
            values.Select(value => (int)Math.Round((value / grid.Scales[0]) - grid.Offsets[0]))
                .Should().Equal(encoded.Codes.data<int>().ToArray());
            values.Select(value => (float)value).Should().Equal(layer.QuantizedWeight().data<float>().ToArray());
            grid.Bits.Should().Be(layer.WeightBits.Bits);
        }
    }

    [Fact]
    public void The_grid_of_an_input_is_its_quantizers()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);

        var graph = quantized.Graph(Example);

        var grid = (QuantizeOperator)graph.Node("conv2.activation_quantizer").Operator;
        var alpha = ((PactQuantizer)quantized.Layers[1].ActivationQuantizer).ClippingValue.item<float>();
        (grid.LowestCode, grid.HighestCode, grid.Scales.Single(), grid.Offsets.Single()).Should().Be((0, 15, alpha / 15f, 0));
        graph.Node("conv2.activation_quantizer").Module.Should().Be("conv2");
    }

    [Fact]
    public void After_baking_the_graph_is_the_same()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);
        var before = quantized.Graph(Example);

        quantized.Bake();

        quantized.Graph(Example).Should().Be(before);
    }

    [Fact]
    public void A_layer_in_float_stays_in_float()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model, new QuantizationOptions { Rules = [LayerRule.Named("conv2").InFloat()] });

        var graph = quantized.Graph(Example);

        graph.Node("conv2").Inputs.Should().OnlyContain(v => !(graph.Producer(v).Operator is QuantizeOperator));
        graph.Node("fc").Inputs.Take(2).Should().OnlyContain(v => graph.Producer(v).Operator is QuantizeOperator);
    }

    [Fact]
    public void A_range_that_has_not_started_is_refused_by_name()
    {
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, Example, new QuantizationOptions());

        quantized.Invoking(q => q.Graph(Example)).Should().Throw<CaptureException>().WithMessage(
            "Module 'conv1': the quantizer of its input has no range yet, and so no grid: train, or call Calibrate, before the graph is "
            + "captured.");
    }

    [Fact]
    public void A_quantizer_without_codes_is_refused_by_name()
    {
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, Example, new RoundingScheme());
        model.call(Example);

        quantized.Invoking(q => q.Graph(Example)).Should().Throw<CaptureException>().WithMessage(
            "Module 'conv1': the quantizer of its input does not tell its codes and grid, which a graph needs.*");
    }

    [Fact]
    public void A_detached_model_and_one_that_takes_something_else_are_refused()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);

        quantized.Invoking(q => q.Graph(Example, Example)).Should().Throw<ArgumentException>()
            .WithMessage("*does not take Tensor and Tensor*");
        quantized.Detach();
        quantized.Invoking(q => q.Graph(Example)).Should().Throw<InvalidOperationException>().WithMessage("The model is detached*");
    }

    [Fact]
    public void Training_is_the_same_with_a_graph_captured_in_every_step()
    {
        var (with, without) = (Trained(captures: true), Trained(captures: false));

        with.ShouldEqual(without);
    }

    [Fact]
    public void A_capture_leaves_no_tensor_behind()
    {
        using var model = Networks.Convolutional();
        using var quantized = Attached(model);
        quantized.Graph(Example);

        LiveTensors.LeftBy(() => quantized.Graph(Example)).Should().Be(0);
    }

    public void Dispose() => _scope.Dispose();

    private static QuantizationOptions Low { get; } = Schemes.PerLayer with
    {
        WeightBits = BitWidthChoice.Fixed(3),
        ActivationBits = BitWidthChoice.Fixed(4),
    };

    private Tensor Example { get; } = Networks.Images(2).Input;

    private QuantizedModel Attached(nn.Module<Tensor, Tensor> model, QuantizationOptions? options = null)
    {
        var quantized = QuantizedModel.Attach(model, Example, options ?? Low);
        quantized.Calibrate([Example]);
        return quantized;
    }

    private static void StartRanges(Subject subject)
    {
        // In training mode, with gradient.
        using var loss = subject.Loss();
    }

    private Dictionary<string, byte[]> Trained(bool captures)
    {
        manual_seed(4);
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, Example, new QuantizationOptions());
        quantized.Calibrate([Example]);
        var widths = new BitWidthOptimizer(
            quantized, new BitWidthOptimizerOptions { Lambda = 0.2, LearningRate = 0.05, ProbeInterval = 1 });
        using var weights = optim.SGD(quantized.Parameters(), 0.05);
        var (input, target) = Networks.Images(4);
        for (var step = 0; step < 4; step++)
        {
            using var scope = NewDisposeScope();
            weights.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(input), target);
            if (captures)
            {
                quantized.Graph(Example);
            }

            loss.backward();
            widths.Step(loss, () => nn.functional.cross_entropy(model.call(input), target));
            weights.step();
        }

        return Bits.OfState(model);
    }
}
