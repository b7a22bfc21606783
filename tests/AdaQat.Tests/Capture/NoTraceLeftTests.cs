using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>A capture leaves nothing behind: no tracer, no tensor, and the model to the bit as it was.</summary>
public sealed class NoTraceLeftTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly nn.Module<Tensor, Tensor> _model = Networks.Convolutional();
    private readonly Tensor _example = Networks.Images(2).Input;

    [Fact]
    public void The_model_is_as_it_was()
    {
        _model.train();
        _model.get_parameter("conv2.weight")!.requires_grad = false;
        _model.named_modules().First(m => m.name == "bn1").module.eval();
        using (var loss = _model.call(_example).sum())
        {
            loss.backward();
        }

        var (state, gradients) = (Bits.OfState(_model), Bits.OfGradients(_model));
        var parameters = Parameters();
        var memory = _model.parameters().Select(AdaQat.Tracing.TensorMemory.Of).ToList();
        var random = Generator.Default.get_state().bytes.ToArray();

        ModelCapture.Graph(_model, _example);

        Bits.OfState(_model).ShouldEqual(state);
        Bits.OfGradients(_model).ShouldEqual(gradients);
        Parameters().Should().Equal(parameters);
        _model.parameters().Select(AdaQat.Tracing.TensorMemory.Of).Should().Equal(memory);
        _model.named_modules().Where(m => !m.module.training).Select(m => m.name).Should().Equal("bn1");
        Generator.Default.get_state().bytes.ToArray().Should().Equal(random);
    }

    [Fact]
    public void Training_goes_on_between_forward_and_backward()
    {
        using var twin = Networks.Convolutional(dropout: 0);
        using var model = Networks.Convolutional(dropout: 0);
        twin.load_state_dict(model.state_dict());
        Step(twin, () => { });

        Step(model, () => ModelCapture.Graph(model, _example));

        Bits.OfState(model).ShouldEqual(Bits.OfState(twin));

        void Step(nn.Module<Tensor, Tensor> trained, Action between)
        {
            using var optimizer = optim.Adam(trained.parameters());
            using var loss = trained.call(_example).square().mean();
            between();
            loss.backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Three_hundred_captures_leave_no_tensor_and_no_tracer()
    {
        using var model = new Lambda(x => (x.relu() + tensor(new[] { 1.5f, 2.5f })).mul(0.3));
        var example = randn(2, 2);
        ModelCapture.Graph(model, example);

        LiveTensors.LeftBy(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                ModelCapture.Graph(model, example);
            }
        }).Should().Be(0);

        TracingIsOff().Should().BeTrue();
    }

    [Fact]
    public void A_forward_that_throws_leaves_no_tensor_no_hook_and_no_tracer()
    {
        var calls = 0;
        using var model = new Lambda(x => ++calls > 3 ? throw new NotSupportedException("no more") : x.exp());
        var example = randn(2, 2);

        var left = LiveTensors.LeftBy(() =>
            model.Invoking(m => ModelCapture.Graph(m, example)).Should().Throw<NotSupportedException>().WithMessage("no more"));

        left.Should().Be(0);
        TracingIsOff().Should().BeTrue();
    }

    [Fact]
    public void Threads_capture_at_a_time_each_on_its_own()
    {
        var graphs = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(i =>
        {
            using var scope = NewDisposeScope();
            using var model = new Lambda(x => Enumerable.Range(0, i + 1).Aggregate(x, (y, _) => y.relu() + i));
            return Graphs.Kinds(ModelCapture.Graph(model, randn(2, 2)));
        }).ToList();

        graphs.Should().BeEquivalentTo("add 1, relu 1", "add 2, relu 2", "add 3, relu 3", "add 4, relu 4");
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    private List<(string, object, bool, ScalarType)> Parameters() =>
        _model.named_parameters().Select(p => (p.name, (object)p.parameter, p.parameter.requires_grad, p.parameter.dtype)).ToList();

    /// <summary>Another recording begins only where none is on.</summary>
    private static bool TracingIsOff()
    {
        AdaQat.Recording.TracerCheck.Run(AdaQat.Recording.LibtorchSymbols.Load());
        return true;
    }
}
