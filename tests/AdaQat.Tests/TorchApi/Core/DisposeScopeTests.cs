namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Which tensors a scope disposes, and how a tensor leaves or enters one.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_the_tensors_made_in_it_and_no_others()
    {
        using var before = torch.zeros(2);
        torch.Tensor inside;
        using (var scope = torch.NewDisposeScope())
        {
            inside = torch.zeros(2);
            scope.Contains(inside).Should().BeTrue();
            scope.Contains(before).Should().BeFalse();
            scope.DisposablesCount.Should().Be(1);
        }
        inside.IsInvalid.Should().BeTrue();
        before.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void A_new_tensor_belongs_to_the_innermost_scope()
    {
        using var outer = torch.NewDisposeScope();
        var ofOuter = torch.zeros(1);
        torch.Tensor ofInner;
        using (var inner = torch.NewDisposeScope())
        {
            ofInner = torch.zeros(1);
            inner.Contains(ofInner).Should().BeTrue();
            outer.Contains(ofInner).Should().BeFalse();
        }
        ofInner.IsInvalid.Should().BeTrue();
        ofOuter.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void A_tensor_moved_to_the_outer_scope_lives_as_long_as_that()
    {
        torch.Tensor moved;
        using (var outer = torch.NewDisposeScope())
        {
            using (var inner = torch.NewDisposeScope())
            {
                moved = torch.ones(3).MoveToOuterDisposeScope();
            }
            moved.IsInvalid.Should().BeFalse();
            outer.Contains(moved).Should().BeTrue();
        }
        moved.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_belongs_to_none()
    {
        torch.Tensor first, second, third;
        using (var scope = torch.NewDisposeScope())
        {
            (first, second, third) = scope.MoveToOuter(torch.zeros(1), torch.zeros(1), torch.zeros(1));
            scope.DisposablesCount.Should().Be(0);
        }
        new[] { first, second, third }.Should().OnlyContain(tensor => !tensor.IsInvalid);
        first.Dispose();
        second.Dispose();
        third.Dispose();
    }

    [Fact]
    public void A_tensor_moves_to_a_scope_or_to_another_tensors_scope()
    {
        using var outer = torch.NewDisposeScope();
        var anchor = torch.zeros(1);
        torch.Tensor byScope, byTensor;
        using (var inner = torch.NewDisposeScope())
        {
            byScope = torch.zeros(1).MoveToOtherDisposeScope(outer);
            byTensor = torch.zeros(1).MoveToOtherDisposeScope(anchor);
            inner.DisposablesCount.Should().Be(0);
        }
        outer.DisposablesView.Should().BeEquivalentTo(new[] { anchor, byScope, byTensor }, options => options.ComparingByValue<torch.Tensor>());
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        torch.Tensor detached;
        using (torch.NewDisposeScope())
        using (torch.NewDisposeScope())
        {
            detached = torch.zeros(4).DetachFromDisposeScope();
        }
        detached.IsInvalid.Should().BeFalse();
        detached.Dispose();
    }

    [Fact]
    public void An_attached_tensor_ends_with_the_scope()
    {
        var outside = torch.zeros(4);
        using (var scope = torch.NewDisposeScope())
        {
            scope.Attach(outside);
            scope.Contains(outside).Should().BeTrue();
        }
        outside.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void Everything_but_what_is_kept_is_disposed_before_the_scope_ends()
    {
        using var scope = torch.NewDisposeScope();
        var dropped = torch.zeros(1);
        var kept = torch.zeros(1);

        scope.DisposeEverythingBut(kept).Should().BeSameAs(kept);

        dropped.IsInvalid.Should().BeTrue();
        kept.IsInvalid.Should().BeFalse();
        scope.Contains(kept).Should().BeTrue();

        scope.DisposeEverything();
        kept.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void A_tensor_disposed_by_hand_leaves_its_scope()
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.zeros(1);
        tensor.Dispose();
        scope.DisposablesCount.Should().Be(0);
        tensor.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void An_exception_ends_the_scope_and_what_it_held()
    {
        torch.Tensor inside = null!;
        var before = torch.CurrentDisposeScope;
        var act = () =>
        {
            using var scope = torch.NewDisposeScope();
            inside = torch.zeros(1);
            throw new InvalidOperationException("stop");
        };

        act.Should().Throw<InvalidOperationException>();

        inside.IsInvalid.Should().BeTrue();
        torch.CurrentDisposeScope.Should().BeSameAs(before);
    }

    [Fact]
    public void A_wrapped_expression_leaves_only_its_result()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor intermediate = null!;
        var result = torch.WrappedTensorDisposeScope(() =>
        {
            intermediate = torch.ones(2);
            return intermediate + 1;
        });
        intermediate.IsInvalid.Should().BeTrue();
        result.data<float>().ToArray().Should().Equal(2f, 2f);
        scope.DisposablesView.Should().HaveCount(1);
    }

    [Fact]
    public void Scopes_of_one_thread_do_not_see_the_tensors_of_another()
    {
        using var scope = torch.NewDisposeScope();
        var thread = new Thread(() => torch.zeros(3).Dispose());
        thread.Start();
        thread.Join();
        scope.DisposablesCount.Should().Be(0);
    }

    [Fact]
    public void A_scope_may_be_left_before_the_one_inside_it()
    {
        var outer = torch.NewDisposeScope();
        var inner = torch.NewDisposeScope();
        var ofInner = torch.zeros(1);

        outer.Dispose();
        torch.CurrentDisposeScope.Should().BeSameAs(inner);
        ofInner.IsInvalid.Should().BeFalse();

        inner.Dispose();
        ofInner.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void A_scope_that_has_ended_is_not_to_be_used()
    {
        var scope = torch.NewDisposeScope();
        scope.Dispose();
        var act = () => scope.DisposablesCount;
        act.Should().Throw<ObjectDisposedException>();
        scope.Invoking(ended => ended.Dispose()).Should().NotThrow();
    }
}
