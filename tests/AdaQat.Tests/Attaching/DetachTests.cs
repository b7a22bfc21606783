using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Attaching;

public sealed class DetachTests
{
    private static readonly QuantizationOptions Options = new();

    [Fact]
    public void Detaching_leaves_the_model_as_it_was()
    {
        manual_seed(2);
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        model.eval();
        using var before = model.call(input);
        var (state, names, modules) = (Bits.OfState(model), Names(model), Modules(model));

        using var quantized = QuantizedModel.Attach(model, input, Options);
        using var attached = model.call(input);
        quantized.Detach();

        using var after = model.call(input);
        Bits.Of(after).Should().Equal(Bits.Of(before));
        Bits.Of(attached).Should().NotEqual(Bits.Of(before));
        Bits.OfState(model).ShouldEqual(state);
        Names(model).Should().Equal(names);
        Modules(model).Should().Equal(modules);
    }

    [Fact]
    public void No_hook_of_the_attachment_runs_any_more()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        var scheme = new RoundingScheme();
        using var quantized = QuantizedModel.Attach(model, input, scheme);
        model.call(input).Dispose();
        var calls = scheme.Made["fc2"].Calls;

        quantized.Detach();
        model.call(input).Dispose();

        scheme.Made["fc2"].Calls.Should().Be(calls);
    }

    [Fact]
    public void What_was_trained_while_attached_stays()
    {
        using var model = Networks.Linear();
        var (input, target) = Networks.Rows(8);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        using var optimizer = optim.SGD(quantized.Parameters(), 0.1);
        using var loss = nn.functional.cross_entropy(model.call(input), target);
        loss.backward();
        optimizer.step();
        var trained = Bits.Of(model.get_parameter("fc2.weight")!);

        quantized.Detach();

        Bits.Of(model.get_parameter("fc2.weight")!).Should().Equal(trained);
        using var same = nn.functional.cross_entropy(model.call(input), target);
        same.backward();
        optimizer.Invoking(o => o.step()).Should().NotThrow("the quantizers' parameters live as long as their optimizer");
    }

    [Fact]
    public void A_detached_model_can_be_attached_again()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        for (var i = 0; i < 3; i++)
        {
            using var quantized = QuantizedModel.Attach(model, input, Options);
            quantized.Layers.Should().HaveCount(3);
        }

        model.named_modules().Should().HaveCount(5);
    }

    [Fact]
    public void Detaching_twice_and_disposing_after_it_do_nothing()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        var quantized = QuantizedModel.Attach(model, input, Options);

        quantized.Detach();
        quantized.Detach();
        quantized.Dispose();
        quantized.Dispose();

        model.call(input).Dispose();
    }

    [Fact]
    public void A_detached_handle_still_tells_what_it_was_and_refuses_to_bake()
    {
        using var model = Networks.Linear();
        using var input = randn(2, 4);
        using var quantized = QuantizedModel.Attach(model, input, Options);
        quantized.Detach();

        quantized.Summary().Layers.Should().HaveCount(3);
        quantized.Invoking(q => q.Bake()).Should().Throw<InvalidOperationException>().WithMessage("The model is detached*");
    }

    private static List<string> Names(nn.Module model) => model.named_parameters().Select(p => p.name).ToList();

    private static List<string> Modules(nn.Module model) => model.named_modules().Select(m => m.name).ToList();
}
