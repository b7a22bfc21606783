using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Thousands of training steps need no more memory than the first ones.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void Ten_thousand_training_steps_in_dispose_scopes_leave_memory_flat()
    {
        using var trainer = new SmallTrainer();
        for (var i = 0; i < 1000; i++) ScopedStep(trainer);
        var (live, total, resident) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, Tensor.TotalCount, ResidentMegabytes());

        for (var i = 1000; i < 10_000; i++) ScopedStep(trainer);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
        Tensor.TotalCount.Should().BeLessThanOrEqualTo(total + 10);
        // What the runtime and the allocators still grow by settles at less than half of this; a step's graph kept alive would be over 90 MB.
        ResidentMegabytes().Should().BeLessThan(resident + 25);
    }

    [Fact]
    public void Training_steps_that_leave_disposing_to_finalizers_do_not_accumulate()
    {
        using var trainer = new SmallTrainer();
        for (var i = 0; i < 300; i++) trainer.Step();
        var (total, resident) = (Settled(), ResidentMegabytes());

        for (var i = 300; i < 1500; i++)
        {
            trainer.Step();
            if (i % 100 == 0) Settled();
        }

        Settled().Should().BeLessThanOrEqualTo(total + 10);
        ResidentMegabytes().Should().BeLessThan(resident + 25);
    }

    private static void ScopedStep(SmallTrainer trainer)
    {
        using var scope = NewDisposeScope();
        trainer.Step();
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Tensor.TotalCount;
    }

    private static double ResidentMegabytes()
    {
        Settled();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }

    private sealed class SmallTrainer : IDisposable
    {
        private readonly Sequential network = Sequential(
            Conv2d(1, 4, 3, padding: 1, bias: false), BatchNorm2d(4), ReLU(), AdaptiveAvgPool2d(2), Flatten(), Linear(16, 3));

        private readonly Module<Tensor, Tensor, Tensor> criterion = CrossEntropyLoss();
        private readonly optim.Optimizer optimizer;

        public SmallTrainer() => optimizer = optim.SGD(network.parameters(), 0.01, momentum: 0.9);

        public void Step()
        {
            var input = rand(8, 1, 8, 8);
            var target = randint(3, 8, dtype: ScalarType.Int64);
            optimizer.zero_grad();
            criterion.call(network.call(input), target).backward();
            optimizer.step();
        }

        public void Dispose()
        {
            optimizer.Dispose();
            criterion.Dispose();
            network.Dispose();
        }
    }
}
