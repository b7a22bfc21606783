using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Who owns a module's tensors.</summary>
public sealed class DisposalTests
{
    [Fact]
    public void A_dispose_scope_leaves_the_tensors_of_modules_made_in_it_alone()
    {
        ResidualNetworkHolder kept;
        using (NewDisposeScope())
        {
            kept = new ResidualNetworkHolder();
        }

        using (kept)
        {
            kept.parameters().Should().OnlyContain(p => !p.IsInvalid);
            kept.buffers().Should().OnlyContain(b => !b.IsInvalid);
        }
    }

    [Fact]
    public void Disposing_a_module_disposes_all_tensors_below_it()
    {
        var module = new ResidualNetworkHolder();
        var tensors = module.parameters().Concat(module.buffers()).ToList();

        module.Dispose();
        module.Dispose();

        tensors.Should().OnlyContain(t => t.IsInvalid);
    }

    [Fact]
    public void Building_calling_and_disposing_a_network_leaves_nothing_behind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            using var module = new ResidualNetworkHolder();
            module.call(rand(2, 2, 5, 5)).sum().backward();
        }

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    private sealed class ResidualNetworkHolder : Module<Tensor, Tensor>
    {
        private readonly ResidualNetwork network = new();
        private readonly Module<Tensor, Tensor> tail = Sequential(ReLU(), Linear(4, 2));

        public ResidualNetworkHolder() : base(nameof(ResidualNetworkHolder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => tail.call(network.call(input));
    }
}
