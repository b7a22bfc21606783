using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

/// <summary>Every operator against PyTorch's outputs and gradients (Fixtures/make_operators.py), in float32 and float64.</summary>
public sealed class OperatorTests
{
    public static TheoryData<string> Names => [.. OperatorCase.All.Select(c => c.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_and_gradients_are_those_of_PyTorch(string name)
    {
        foreach (var expected in OperatorCase.All.Where(c => c.Name == name))
        {
            using var scope = NewDisposeScope();
            var inputs = expected.Inputs.Select(i => i.ToTensor().requires_grad_(i.Differentiable)).ToArray();
            // Functions may change what they are given, so they get copies.
            var outputs = OperatorTable.Functions[name](inputs.Select(i => i.clone()).ToArray());

            outputs.Should().HaveSameCount(expected.Outputs);
            for (var i = 0; i < outputs.Length; i++)
                NearTensor.Check(outputs[i], expected.Outputs[i], OperatorTable.Slack(name), $"output {i} of {name}");

            WeightedSum(outputs)?.backward();
            for (var i = 0; i < inputs.Length; i++)
            {
                var gradient = inputs[i].grad;
                (gradient is null).Should().Be(expected.Gradients[i] is null, "PyTorch has gradients where it has (input {0})", i);
                if (gradient is not null)
                    NearTensor.Check(gradient, expected.Gradients[i]!, OperatorTable.Slack(name), $"gradient of input {i} of {name}");
            }
        }
    }

    [Fact]
    public void Every_operator_of_the_table_has_PyTorchs_numbers()
        => OperatorTable.Functions.Keys.Should().BeEquivalentTo(OperatorCase.All.Select(c => c.Name).Distinct());

    private static Tensor? WeightedSum(Tensor[] outputs)
    {
        Tensor? total = null;
        foreach (var output in outputs.Where(o => o.requires_grad))
        {
            var weights = (arange(output.numel(), dtype: ScalarType.Int64) * 7 % 11 - 5).to_type(output.dtype) / 8;
            var sum = (output * weights.reshape(output.shape)).sum();
            total = total is null ? sum : total + sum;
        }

        return total;
    }
}
