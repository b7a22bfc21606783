using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>What a recording of a forward can't show is refused by name, and never frozen silently.</summary>
public sealed class RefusedCaptureTests
{
    private const string Advice =
        "A graph is what a model computes whatever the values are: no branch, loop or number may follow from them, nor from chance.";

    public static TheoryData<string, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>, string> Models { get; } = new()
    {
        {
            "a branch that the values choose",
            (layer, x) => x.max().item<float>() > 1 ? layer.call(x).relu() : layer.call(x).tanh(),
            $"The model: it computed aten::* with one input, and aten::* with another, of the same shape. {Advice}"
        },
        {
            "a number read from the values",
            (layer, x) => layer.call(x) / x.abs().max().item<float>(),
            $"The model: aten::div was given something else with another input, of the same shape. {Advice}"
        },
        {
            "a whole number read from the values",
            (layer, x) => x.flatten(1).narrow(1, (long)Math.Min(3, x.abs().max().item<float>()), 1),
            $"The model: aten::narrow was given another number with other values in the input. {Advice}"
        },
        {
            "a write into a slice",
            (layer, x) =>
            {
                var y = layer.call(x);
                y[TensorIndex.Colon, 0].add_(1);
                return y.relu();
            },
            "The model: aten::add_ writes into a part of a tensor, and so changes what aten::relu reads afterwards, "
            + "which libtorch's tracer does not see. Compute a new tensor instead, with cat or where."
        },
        {
            "a write into a tensor of which a slice is read",
            (layer, x) =>
            {
                var y = layer.call(x);
                var part = y[TensorIndex.Colon, 0];
                y.relu_();
                return part;
            },
            "The model: aten::relu_ writes into a part of a tensor, and so changes a tensor that the model returns, "
            + "which libtorch's tracer does not see. Compute a new tensor instead, with cat or where."
        },
        {
            "random numbers",
            (layer, x) => layer.call(x) + randn(4),
            "The model: aten::randn can't be captured: it draws random numbers, though the model is in eval mode."
        },
        {
            "dropout that is on in eval mode",
            (layer, x) => nn.functional.dropout(layer.call(x), 0.5, training: true),
            "The model: aten::dropout can't be captured: it drops out elements though the model is in eval mode; "
            + "pass the module's training flag on."
        },
        {
            "statistics of the batch",
            (layer, x) => nn.functional.batch_norm(layer.call(x), null, null, training: true),
            "The model: aten::batch_norm can't be captured: it normalises by the statistics of the batch, as in training; "
            + "a graph has those of a trained model."
        },
        {
            "an operator that a graph does not have",
            (layer, x) => layer.call(x).cumsum(1),
            "The model: aten::cumsum can't be captured: a graph has no such operator."
        },
        {
            "whole numbers",
            (layer, x) => layer.call(x).to(ScalarType.Int64).to(ScalarType.Float32),
            "The model: aten::to can't be captured: it makes whole numbers, and a graph computes with numbers that have a fraction."
        },
        {
            "a gradient of its own",
            (layer, x) =>
            {
                var y = x.detach().requires_grad_();
                return autograd.grad([layer.call(y).square().sum()], [y])[0];
            },
            "The model computes with tensors that require a gradient, besides its parameters, which libtorch's tracer does not take."
        },
        {
            "another thread",
            (layer, x) => Task.Run(() => layer.call(x).relu()).Result,
            "The output 'output' does not follow from the input by anything that this thread computes: a graph of it would say nothing."
        },
        {
            "a failure",
            (layer, x) => layer.call(x).reshape(7, 7),
            "The model fails on the example input: shape '[7, 7]' is invalid for input of size *"
        },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void It_is_refused_by_name(string what, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> forward, string message)
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(4, 4);
        using var model = new Lambda(x => forward(layer, x), ("layer", layer));
        var example = rand(2, 4);

        var capture = () => ModelCapture.Graph(model, example);

        capture.Should().Throw<CaptureException>(what).WithMessage(message);
    }

    [Fact]
    public void A_write_past_the_tracer_is_found_by_replay_and_the_module_is_named()
    {
        using var scope = NewDisposeScope();
        var fc = nn.Linear(4, 4);
        using var hidden = new Lambda(x =>
        {
            var y = fc.call(x);
            y.bytes = [.. y.bytes.ToArray().Select(b => (byte)(b & 0x7f))];
            return y;
        }, ("fc", fc));
        using var model = new Lambda(x => hidden.call(x).tanh(), ("hidden", hidden));

        var capture = () => ModelCapture.Graph(model, randn(2, 4));

        capture.Should().Throw<CaptureException>().WithMessage(
            "Module 'hidden': the captured graph computes something else, first at its node 'hidden.fc', on an input of shape [3,4]. "
            + "Something is computed there that libtorch's tracer does not see.").Which.Module.Should().Be("hidden");
    }

    [Fact]
    public void A_forward_that_records_is_refused()
    {
        using var scope = NewDisposeScope();
        using var inner = new Lambda(x => x.relu());
        using var model = new Lambda(x =>
        {
            ModelCapture.Graph(inner, x);
            return x;
        });

        model.Invoking(m => ModelCapture.Graph(m, randn(2, 4))).Should().Throw<InvalidOperationException>()
            .WithMessage("A graph is being recorded on this thread already; a forward can't record another.");
    }
}
