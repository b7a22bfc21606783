using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>What changing a module's element type does to its tensors and to the fields that hold them.</summary>
public sealed class MovingTests
{
    [Fact]
    public void Floating_tensors_take_the_type_and_integers_keep_theirs()
    {
        using var module = new ResidualNetwork();

        module.to(ScalarType.Float64).Should().BeSameAs(module);

        module.parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64);
        module.named_buffers().ToDictionary(b => b.name, b => b.buffer.dtype).Should().BeEquivalentTo(new Dictionary<string, ScalarType>
        {
            ["norm.running_mean"] = ScalarType.Float64,
            ["norm.running_var"] = ScalarType.Float64,
            ["norm.num_batches_tracked"] = ScalarType.Int64,
        });
    }

    [Fact]
    public void A_moved_parameter_is_a_new_leaf_with_its_gradient_and_the_old_one_is_disposed()
    {
        using var layer = Linear(2, 2);
        layer.call(ones(1, 2)).sum().backward();
        var old = layer.weight!;

        layer.to(ScalarType.Float64);

        old.IsInvalid.Should().BeTrue();
        var moved = layer.weight!;
        moved.is_leaf.Should().BeTrue();
        moved.requires_grad.Should().BeTrue();
        moved.grad!.dtype.Should().Be(ScalarType.Float64);
        moved.grad.data<double>().ToArray().Should().Equal(1, 1, 1, 1);
        layer.parameters().First().Should().BeSameAs(moved);
    }

    [Fact]
    public void Moving_to_where_a_module_is_already_keeps_its_tensors()
    {
        using var layer = Linear(2, 2);
        var weight = layer.weight;

        layer.to(ScalarType.Float32).cpu().to(CPU);

        layer.weight.Should().BeSameAs(weight);
    }

    [Fact]
    public void Fields_of_a_users_module_hold_the_moved_tensors()
    {
        using var module = new Scale();

        module.to(CPU, ScalarType.Float64);

        module.Factor.dtype.Should().Be(ScalarType.Float64);
        module.Offset.dtype.Should().Be(ScalarType.Float64);
        module.parameters().Single().Should().BeSameAs(module.Factor);
        module.buffers().Single().Should().BeSameAs(module.Offset);
        module.call(ones(2, dtype: ScalarType.Float64)).dtype.Should().Be(ScalarType.Float64);
    }

    [Fact]
    public void A_module_takes_no_integer_type()
    {
        using var module = new Scale();
        module.Invoking(m => m.to(ScalarType.Int32)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_shorthands_name_a_type()
    {
        using var module = new Scale();

        module.@double().Factor.dtype.Should().Be(ScalarType.Float64);
        module.half().Factor.dtype.Should().Be(ScalarType.Float16);
        module.bfloat16().Factor.dtype.Should().Be(ScalarType.BFloat16);
        module.@float().Factor.dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void Moved_parameters_belong_to_no_dispose_scope()
    {
        using var layer = Linear(2, 2);
        using (NewDisposeScope())
        {
            layer.to(ScalarType.Float64);
        }

        layer.weight!.IsInvalid.Should().BeFalse();
        layer.bias!.IsInvalid.Should().BeFalse();
    }

    private sealed class Scale : Module<Tensor, Tensor>
    {
        private Parameter factor = Parameter(ones(2));
        private Tensor offset = zeros(2);

        public Scale() : base(nameof(Scale)) => RegisterComponents();

        public Parameter Factor
        {
            get => factor;
            set => factor = value;
        }

        public Tensor Offset
        {
            get => offset;
            set => offset = value;
        }

        public override Tensor forward(Tensor input) => input * factor + offset;
    }
}
