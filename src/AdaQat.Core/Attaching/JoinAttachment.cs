using AdaQat.Capture;
using AdaQat.Isolation;
using AdaQat.Joins;
using AdaQat.Lowering;
using AdaQat.Quantization;
using AdaQat.Recording;
using AdaQat.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>How the residual sums of a model get their quantizers.</summary>
internal static class JoinAttachment
{
    /// <summary>The quantizers of all sums, not attached yet; none where the scheme leaves sums in float.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scheme">The choices.</param>
    /// <param name="sketch">The model's graph.</param>
    /// <param name="example">Shows which operands have a sign.</param>
    /// <exception cref="CaptureException">There is no graph, or an operand that no hook reaches.</exception>
    /// <exception cref="ArgumentException">The family is not made for it.</exception>
    public static List<(ResidualJoin Join, Quantizer Quantizer)> Make(
        nn.Module model, QuantizationScheme scheme, GraphSketch sketch, ExampleRun example)
    {
        if (scheme.Joins == JoinHandling.Unquantized)
        {
            return [];
        }

        var joins = ResidualJoins.Of(sketch.InFloat());
        if (joins.Count == 0)
        {
            throw new ArgumentException(
                $"{nameof(QuantizationScheme.Joins)} is {scheme.Joins}, and the model has no sum of two tensors that follow from its "
                + $"input; leave it at {nameof(JoinHandling)}.{nameof(JoinHandling.Unquantized)}.", nameof(scheme));
        }

        var modules = Modules(model);
        var signed = Signed(model, modules, joins, example);
        var made = new List<(ResidualJoin, Quantizer)>();
        try
        {
            foreach (var join in joins)
            {
                var width = BitWidth.Fixed($"{join.Name}.operands", scheme.JoinBits);
                var facts = new LayerFacts(join.Name, modules[join.Module], -1, 0, 0, [], signed.Contains(join));
                var request = new QuantizerRequest(QuantizerTarget.Activation, facts, width, facts.IsInputSigned);
                var quantizer = scheme.Activations.Create(request);
                quantizer.Origin = new QuantizerOrigin(scheme.Activations, request);
                made.Add((join, quantizer));
                quantizer.RequireDistinctProperties();
                quantizer.RequireInference();
            }

            return made;
        }
        catch
        {
            made.ForEach(each => each.Item2.Dispose());
            throw;
        }
    }

    /// <summary>The model's modules by name.</summary>
    public static Dictionary<string, nn.Module> Modules(nn.Module model) =>
        CallMarks.Modules(model).ToDictionary(module => module.Name, module => module.Module);

    /// <summary>The sums of which an operand has negative elements, or tells nothing because all of it is 0.</summary>
    private static HashSet<ResidualJoin> Signed(
        nn.Module model, Dictionary<string, nn.Module> modules, IReadOnlyList<ResidualJoin> joins, ExampleRun example)
    {
        var signed = new HashSet<ResidualJoin>(ReferenceEqualityComparer.Instance);
        using var mode = new EvaluationMode(model);
        using var isolation = new ForwardIsolation(model);
        var hooks = new List<Action>();
        foreach (var join in joins)
        {
            foreach (var boundary in join.Boundaries)
            {
                hooks.Add(boundary.IsOutput
                    ? ModuleHooks.OnOutput(modules[boundary.Module], operand => See(join, operand))
                    : ModuleHooks.OnInput(modules[boundary.Module], operand => See(join, operand)));
            }
        }

        try
        {
            example.Forward();
        }
        finally
        {
            hooks.ForEach(remove => remove());
        }

        return signed;

        void See(ResidualJoin join, Tensor operand)
        {
            using var scope = NewDisposeScope();
            if (operand.Lt(0).any().item<bool>() || !operand.Ne(0).any().item<bool>())
            {
                signed.Add(join);
            }
        }
    }
}
