using AdaQat.Export;
using AdaQat.Quantizers;
using AdaQat.Runtime;
using AdaQat.Tests.Support;
using AdaQat.Tests.Support.Architectures;
using static TorchSharp.torch;

namespace AdaQat.Tests.Comparing;

/// <summary>Models are compiled and compared with what they compute in float64, quantized.</summary>
public sealed class EquivalenceTests
{
    private static readonly QuantizationOptions Lsq = new() { Weights = new LsqOptions(), Activations = new LsqOptions() };

    public static TheoryData<string> Networks() => ["convolutional", "residual", "mlp", "mobile", "u-net", "1-D"];

    public static TheoryData<string> Families() => ["dorefa, pact", "lsq", "affine", "fixed point", "learned range", "by channel"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_compiled_network_has_the_codes_of_the_quantized_one(string name)
    {
        manual_seed(3);
        var (model, input) = Network(name);
        using (model)
        using (input)
        {
            using var quantized = Quantized(model, input, Lsq);

            var report = Equivalence.Check(quantized, Compiled(quantized, input, name), [input]);

            AreEqual(report);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_uniform_family_is_compiled(string family)
    {
        manual_seed(5);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Quantized(model, input, family switch
        {
            "lsq" => Lsq,
            "affine" => new()
            {
                Weights = new AffineOptions { Granularity = Granularity.PerChannel() },
                Activations = new AffineOptions { IsSymmetric = false },
            },
            "fixed point" => new() { Weights = new FixedPointOptions(), Activations = new FixedPointOptions() },
            "learned range" => new() { Weights = new LearnedRangeOptions(), Activations = new LearnedRangeOptions() },
            "by channel" => new() { Weights = new LsqOptions { Granularity = Granularity.PerChannel() }, Activations = new PactOptions() },
            _ => new(),
        });

        AreEqual(Equivalence.Check(quantized, IntegerCompiler.Compile(quantized, input), [input]));
    }

    [Fact]
    public void Residual_sums_have_all_the_bits_that_their_bounds_leave()
    {
        manual_seed(3);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Quantized(model, input, Lsq);

        var sums = IntegerCompiler.Compile(quantized, input).Nodes.OfType<AddNode>().ToList();

        sums.Should().NotBeEmpty().And.OnlyContain(sum => sum.Type.MaxInteger - sum.Type.MinInteger > 1L << 29);
    }

    [Fact]
    public void A_file_of_the_network_runs_the_same()
    {
        manual_seed(3);
        using var model = new SmallResNet();
        using var input = randn(4, 3, 8, 8);
        using var quantized = Quantized(model, input, Lsq);
        var compiled = IntegerCompiler.Compile(quantized, input);
        using var file = new MemoryStream();
        compiled.Save(file);
        file.Position = 0;

        AreEqual(Equivalence.Check(quantized, IntegerModel.Load(file), [input]));
    }

    [Fact]
    public void Pixels_have_their_normalisation_in_the_network()
    {
        manual_seed(7);
        using var model = new SmallResNet();
        var bytes = new byte[4 * 3 * 64];
        new Random(1).NextBytes(bytes);
        using var pixels = tensor(bytes.Select(value => (double)value).ToArray(), [4, 3, 8, 8]);
        using var input = (((pixels / 255) - 0.45) / 0.22).to(ScalarType.Float32);
        using var quantized = Quantized(model, input, Lsq);
        var (made, expected) = (new float[40], new float[40]);

        IntegerCompiler.Compile(quantized, input, new() { Pixels = new(0.45, 0.22) }).Run(bytes, made);
        IntegerCompiler.Compile(quantized, input).Run(input.data<float>().ToArray(), expected);

        made.Should().Equal(expected, "no pixel is at a threshold of 8 bits");
    }

    [Fact]
    public void What_has_no_form_in_integers_is_refused_by_name_or_stays_in_float()
    {
        manual_seed(3);
        using var model = nn.Sequential(("fc1", nn.Linear(6, 8)), ("soft", nn.Softmax(1)), ("fc2", nn.Linear(8, 3)));
        using var input = randn(4, 6);
        using var quantized = Quantized(model, input, Lsq);

        FluentActions.Invoking(() => IntegerCompiler.Compile(quantized, input)).Should().Throw<IntegerCompilerException>()
            .WithMessage("*soft*AllowFloatIslands*").Which.Node.Should().Contain("soft");
        AreEqual(Equivalence.Check(
            quantized, IntegerCompiler.Compile(quantized, input, new() { AllowFloatIslands = true }), [input]));
    }

    [Fact]
    public void A_check_leaves_no_tensor_behind()
    {
        using var model = Support.Networks.Linear();
        using var input = randn(4, 4);
        using var quantized = Quantized(model, input, Lsq);
        var compiled = IntegerCompiler.Compile(quantized, input);

        LiveTensors.LeftBy(() => Equivalence.Check(quantized, compiled, [input])).Should().Be(0);
    }

    [Fact]
    public void A_wrong_network_is_seen()
    {
        manual_seed(3);
        using var model = Support.Networks.Linear();
        using var input = randn(4, 4);
        using var quantized = Quantized(model, input, Lsq);
        var compiled = IntegerCompiler.Compile(quantized, input);
        using (no_grad())
        {
            model.named_parameters().First(pair => pair.name.StartsWith("fc2", StringComparison.Ordinal)).parameter.neg_();
        }

        Equivalence.Check(quantized, compiled, [input]).CodesDifferent.Should().BePositive();
    }

    /// <summary>The 1-D network has a sum of what GELU makes, which stays in float.</summary>
    private static IntegerModel Compiled(QuantizedModel quantized, Tensor input, string name) =>
        IntegerCompiler.Compile(quantized, input, new() { AllowFloatIslands = name == "1-D" });

    private static (nn.Module<Tensor, Tensor> Model, Tensor Input) Network(string name) => name switch
    {
        "residual" => (new SmallResNet(), randn(4, 3, 8, 8)),
        "mobile" => (new MobileNetV2(), randn(4, 3, 16, 16)),
        "u-net" => (new UNet(), randn(2, 1, 16, 16)),
        "1-D" => (new TimeSeriesNet(), randn(4, 2, 20)),
        "mlp" => (Support.Networks.Linear(), randn(4, 4)),
        _ => (Support.Networks.Convolutional(), randn(4, 3, 8, 8)),
    };

    private static QuantizedModel Quantized(nn.Module<Tensor, Tensor> model, Tensor input, QuantizationOptions options)
    {
        using (no_grad())
        {
            // Batch norms that shift and scale, some of them downwards.
            foreach (var (_, buffer) in model.named_buffers().Where(pair => pair.name.EndsWith("running_mean", StringComparison.Ordinal)))
            {
                buffer.normal_(0, 0.2);
            }

            foreach (var (_, parameter) in model.named_parameters().Where(pair => pair.name.EndsWith("1.weight", StringComparison.Ordinal)
                && pair.parameter.dim() == 1))
            {
                parameter.normal_();
            }
        }

        model.eval();
        var quantized = QuantizedModel.Attach(model, input, options);
        quantized.Calibrate([input]);
        return quantized;
    }

    private static void AreEqual(EquivalenceReport report)
    {
        report.Codes.Should().BePositive();
        report.Layers.Where(layer => layer.Different > 0 && layer.LargestDistance > 1e-4).Should().BeEmpty(report.ToString());
        report.TopOneDifferent.Should().Be(0, report.ToString());
        report.LargestDifference.Should().BeLessThan(1e-3, report.ToString());
    }
}
