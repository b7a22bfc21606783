using AdaQat.Recording;

namespace AdaQat.Tests.Recording;

/// <summary>The text in which libtorch prints a graph, line by line.</summary>
public sealed class TorchScriptParserTests
{
    [Fact]
    public void An_operation_has_its_outputs_with_types_its_kind_and_its_inputs()
    {
        var operation = Parse(
            "%9 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %b.1 : Long(strides=[], device=cpu) = aten::max(%x, %4, %5)");

        operation.Kind.Should().Be("aten::max");
        operation.Inputs.Should().Equal("x", "4", "5");
        operation.Outputs.Select(o => (o.Name, o.Type.Name)).Should().Equal(("9", "Float"), ("b.1", "Long"));
        operation.Outputs[0].Type.Shape.Should().Equal(2, 3);
        operation.Outputs[1].Type.Shape.Should().BeEmpty();
        operation.Outputs[0].Type.IsFloatingPoint.Should().BeTrue();
    }

    [Theory]
    [InlineData("%0 : int = prim::Constant[value=-2]()", -2L)]
    [InlineData("%0 : float = prim::Constant[value=0.10000000000000001]()", 0.1)]
    [InlineData("%0 : float = prim::Constant[value=2.]()", 2.0)]
    [InlineData("%0 : float = prim::Constant[value=-inf]()", double.NegativeInfinity)]
    [InlineData("%0 : bool = prim::Constant[value=1]()", true)]
    [InlineData("%0 : str = prim::Constant[value=\"none (of these)\"]()", "none (of these)")]
    [InlineData("%0 : NoneType = prim::Constant()", null)]
    public void A_constant_has_its_value(string line, object? value)
    {
        TorchConstants.Read(Parse(line)).Should().Be(value);
    }

    [Fact]
    public void A_tensor_that_is_a_constant_is_told_by_its_type_whatever_stands_in_its_text()
    {
        Parse("%26 : Float(4, device=cpu) = prim::Constant[value= 1  2  3  4 [ CPUFloatType{4} ]]()").IsTensorConstant.Should().BeTrue();
        Parse("%4 : int[] = prim::ListConstruct(%0, %1)").IsTensorConstant.Should().BeFalse();
    }

    [Theory]
    [InlineData("graph(%x : Tensor):\n  return ()\n")]
    [InlineData("graph():\n  return (%1)\n")]
    [InlineData("graph():\n  aten::relu(%x)\n  return ()\n")]
    [InlineData("graph():\n  %1 = aten::relu(%x)\n  return ()\n")]
    [InlineData("graph():\n  %1 : Tensor = aten::relu(x)\n  return ()\n")]
    [InlineData("graph():\n  %1 : Float(a, 2) = aten::relu(%x)\n  return ()\n")]
    [InlineData("graph():\n  %1 : Tensor = prim::If(%c)\n    block0():\n  return ()\n")]
    [InlineData("graph():\n  %1 : Tensor = aten::relu(%x) # model.py:3\n  return ()\n")]
    public void Anything_else_is_refused(string text)
    {
        FluentActions.Invoking(() => TorchScriptParser.Parse(text)).Should().Throw<FormatException>();
    }

    private static TorchOperation Parse(string line) => TorchScriptParser.Parse($"graph():\n  {line}\n  return ()\n").Single();
}
