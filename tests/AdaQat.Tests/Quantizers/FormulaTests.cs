using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers;

/// <summary>Both quantizers against PyTorch's autograd of their formulas (Fixtures/make_quantizers.py).</summary>
public sealed class FormulaTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void DoReFa_and_its_gradient_are_autograds_of_the_formula(int bits)
    {
        foreach (var expected in QuantizerFixtures.Instance.DoReFa.Where(c => c.Bits == bits))
        {
            using var scope = NewDisposeScope();
            using var quantizer = Make.DoReFa(bits, expected.Options);
            var weight = Make.Leaf(expected.Weight, expected.Dtype, expected.Shape);

            var output = quantizer.call(weight);
            (output * Make.Tensor(expected.Upstream, expected.Dtype, expected.Shape)).sum().backward();

            output.shape.Should().Equal(expected.Shape);
            // The formula ends in a difference, 2·q_k(u) − 1; the quantizer, in a product.
            Near.CheckAsAWhole(output, expected.Output, expected.Dtype, $"output of {expected}");
            Near.CheckAsAWhole(weight.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Pact_and_its_gradients_are_autograds_of_the_formula(int bits)
    {
        foreach (var expected in QuantizerFixtures.Instance.Pact.Where(c => c.Bits == bits))
        {
            using var scope = NewDisposeScope();
            using var quantizer = Make.Pact(bits, expected.Alpha, expected.IsSigned, expected.Form, expected.Dtype);
            var x = Make.Leaf(expected.X, expected.Dtype);

            var output = quantizer.call(x);
            (output * Make.Tensor(expected.Upstream, expected.Dtype)).sum().backward();

            Near.Check(output, expected.Output, expected.Dtype, $"output of {expected}");
            Near.Check(x.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}");
            quantizer.ClippingValue.grad!.shape.Should().BeEmpty("α is a scalar");
            Near.Check(quantizer.ClippingValue.grad!, [expected.AlphaGradient], expected.Dtype, $"gradient of α of {expected}");
        }
    }

    [Fact]
    public void Every_width_type_and_choice_has_PyTorchs_numbers()
    {
        QuantizerFixtures.Instance.DoReFa.Select(c => (c.Bits, c.Type, c.Transform, c.Scale)).Distinct().Should().HaveCount(8 * 2 * 2 * 2);
        QuantizerFixtures.Instance.Pact.Select(c => (c.Bits, c.Type, c.GradientForm, c.IsSigned)).Distinct()
            .Should().HaveCount(8 * 2 * 2 * 2);
    }
}
