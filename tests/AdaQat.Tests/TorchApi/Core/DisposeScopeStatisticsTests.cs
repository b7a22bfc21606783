namespace AdaQat.Tests.TorchApi.Core;

/// <summary>The counters by which a leak is found.</summary>
public sealed class DisposeScopeStatisticsTests
{
    public DisposeScopeStatisticsTests() => DisposeScopeManager.Statistics.Reset();

    private static LifetimeStatistics Tensors => DisposeScopeManager.Statistics.TensorStatistics;

    [Fact]
    public void A_tensor_made_and_disposed_outside_of_any_scope_is_counted_there()
    {
        torch.zeros(1).Dispose();
        Tensors.CreatedOutsideScopeCount.Should().Be(1);
        Tensors.DisposedOutsideScopeCount.Should().Be(1);
        Tensors.CreatedInScopeCount.Should().Be(0);
        Tensors.ThreadTotalLiveCount.Should().Be(0);
    }

    [Fact]
    public void A_tensor_that_its_scope_disposes_is_counted_there()
    {
        using (torch.NewDisposeScope())
        {
            _ = torch.zeros(1);
            _ = torch.zeros(1);
            Tensors.ThreadTotalLiveCount.Should().Be(2);
        }
        Tensors.CreatedInScopeCount.Should().Be(2);
        Tensors.DisposedInScopeCount.Should().Be(2);
        Tensors.CreatedOutsideScopeCount.Should().Be(0);
        Tensors.ThreadTotalLiveCount.Should().Be(0);
    }

    [Fact]
    public void A_detached_tensor_is_counted_as_live_until_it_is_disposed_outside()
    {
        torch.Tensor detached;
        using (torch.NewDisposeScope()) detached = torch.zeros(1).DetachFromDisposeScope();

        Tensors.DetachedFromScopeCount.Should().Be(1);
        Tensors.DisposedInScopeCount.Should().Be(0);
        Tensors.ThreadTotalLiveCount.Should().Be(1);

        detached.Dispose();
        Tensors.DisposedOutsideScopeCount.Should().Be(1);
        Tensors.ThreadTotalLiveCount.Should().Be(0);
    }

    [Fact]
    public void An_attached_tensor_is_disposed_in_scope()
    {
        var tensor = torch.zeros(1);
        using (var scope = torch.NewDisposeScope())
        {
            scope.Attach(tensor);
            scope.Attach(tensor);
        }
        Tensors.AttachedToScopeCount.Should().Be(1);
        Tensors.DisposedInScopeCount.Should().Be(1);
        Tensors.ThreadTotalLiveCount.Should().Be(0);
    }

    [Fact]
    public void Moving_between_scopes_counts_as_neither_making_nor_leaving()
    {
        using (torch.NewDisposeScope())
        using (torch.NewDisposeScope())
        {
            _ = torch.zeros(1).MoveToOuterDisposeScope();
        }
        Tensors.CreatedInScopeCount.Should().Be(1);
        Tensors.DisposedInScopeCount.Should().Be(1);
        Tensors.DetachedFromScopeCount.Should().Be(0);
        Tensors.AttachedToScopeCount.Should().Be(0);
    }

    [Fact]
    public void The_thread_total_is_the_tensors_total()
    {
        using var tensor = torch.zeros(1);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(1);
        DisposeScopeManager.Statistics.CreatedOutsideScopeCount.Should().Be(1);
        DisposeScopeManager.Statistics.ToString().Should().Contain("ThreadTotalLiveCount: 1");
    }
}
