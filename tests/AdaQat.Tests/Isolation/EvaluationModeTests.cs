using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Isolation;

/// <summary>Attaching runs the model once and leaves no trace of that.</summary>
public sealed class EvaluationModeTests
{
    [Fact]
    public void A_mixture_of_modes_is_kept()
    {
        using var model = Networks.Convolutional();
        model.train();
        model.named_modules().First(m => m.name == "bn1").module.eval();
        model.named_modules().First(m => m.name == "drop").module.eval();
        using var example = randn(2, 3, 8, 8);
        var before = model.named_modules().Select(m => (m.name, m.module.training)).ToList();

        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());
        quantized.Detach();

        model.named_modules().Select(m => (m.name, m.module.training)).Should().Equal(before);
        model.training.Should().BeTrue();
    }

    [Fact]
    public void A_training_part_of_a_model_in_eval_mode_stays_in_training()
    {
        using var model = nn.Sequential(("a", nn.Linear(4, 4)), ("block", nn.Sequential(("drop", nn.Dropout()), ("b", nn.Linear(4, 4)))));
        model.eval();
        var drop = model.named_modules().First(m => m.name == "block.drop").module;
        drop.train();
        using var example = randn(2, 4);

        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        drop.training.Should().BeTrue();
        model.named_modules().First(m => m.name == "block.b").module.training.Should().BeFalse();
    }

    [Fact]
    public void Batch_statistics_gradients_and_random_state_are_untouched()
    {
        using var model = Networks.Convolutional();
        using var example = randn(2, 3, 8, 8);
        var (state, random) = (Bits.OfState(model), Bits.OfRandomState());

        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        Bits.OfRandomState().Should().Equal(random);
        quantized.Detach();
        Bits.OfState(model).ShouldEqual(state);
        model.parameters().Should().OnlyContain(p => ReferenceEquals(p.grad, null));
    }

    [Fact]
    public void A_model_that_draws_random_numbers_in_eval_mode_too_leaves_the_random_state_where_it_was()
    {
        var fc = nn.Linear(4, 4);
        using var model = new Lambda(x => fc.call(x + randn_like(x)), ("fc", fc));
        using var example = randn(2, 4);
        var random = Bits.OfRandomState();

        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        Bits.OfRandomState().Should().Equal(random);
    }

    [Fact]
    public void Attaching_within_a_scope_outlives_the_scope()
    {
        using var model = Networks.Linear();
        QuantizedModel quantized;
        using (NewDisposeScope())
        {
            quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions());
            model.call(randn(2, 4));
        }

        using var input = randn(2, 4);
        using var loss = model.call(input).sum();
        loss.backward();
        quantized.QuantizerParameters().Should().OnlyContain(p => !p.IsInvalid);
        quantized.Dispose();
    }
}
