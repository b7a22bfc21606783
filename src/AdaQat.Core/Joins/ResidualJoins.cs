using AdaQat.Graph;
using AdaQat.Lowering;

namespace AdaQat.Joins;

/// <summary>
/// Finds the residual sums of a model: sums of two tensors that both follow from its input. Their operands are computed in the user's own
/// code, which no hook reaches; but on the way there a tensor comes out of a module, or goes into the one that holds the sum.
/// </summary>
internal sealed class ResidualJoins
{
    private readonly EmittedGraph _emitted;
    private readonly ILookup<string, GraphValue?> _outputs;
    private readonly ILookup<string, GraphValue?> _inputs;

    private ResidualJoins(EmittedGraph emitted)
    {
        _emitted = emitted;
        _outputs = emitted.ModuleOutputs.ToLookup(call => call.Module, call => call.Value);
        _inputs = emitted.ModuleInputs.ToLookup(call => call.Module, call => call.Value);
    }

    /// <summary>The sums, those together that read one tensor.</summary>
    /// <exception cref="CaptureException">An operand crosses no boundary at which it could be quantized.</exception>
    public static IReadOnlyList<ResidualJoin> Of(EmittedGraph emitted)
    {
        var joins = new ResidualJoins(emitted);
        var found = new List<ResidualJoin>();
        foreach (var sum in joins.Sums())
        {
            List<ModuleBoundary> own = [.. sum.Inputs.SelectMany(operand => joins.Boundaries(sum, operand, [sum.Module])).Distinct()];
            var same = found.Where(join => join.Boundaries.Intersect(own).Any()).ToList();
            var first = same.Count > 0 ? same[0] : new ResidualJoin(sum.Name, sum.Module, []);
            var together = first with { Boundaries = [.. same.SelectMany(join => join.Boundaries).Concat(own).Distinct()] };
            var place = same.Count > 0 ? found.IndexOf(same[0]) : found.Count;
            found.RemoveAll(same.Contains);
            found.Insert(place, together);
        }

        return found;
    }

    private IEnumerable<GraphNode> Sums()
    {
        var following = new HashSet<int>();
        foreach (var node in _emitted.Graph.Nodes)
        {
            if (node.Operator is InputOperator || node.Inputs.Any(input => following.Contains(input.Id)))
            {
                following.UnionWith(node.Outputs.Select(output => output.Id));
            }

            if (node.Operator is AddOperator or SubtractOperator && node.Inputs.All(input => following.Contains(input.Id)))
            {
                yield return node;
            }
        }
    }

    /// <summary>Where an operand can be quantized: as near to the sum as a module's boundary is.</summary>
    /// <param name="sum">The sum.</param>
    /// <param name="value">The operand, or what it comes from.</param>
    /// <param name="readers">The modules in which that is read on the way to the sum.</param>
    private IEnumerable<ModuleBoundary> Boundaries(GraphNode sum, GraphValue value, EquatableList<string> readers)
    {
        var crossings = Crossings(_emitted.ModuleOutputs, _outputs, value, isOutput: true)
            .Concat(Crossings(_emitted.ModuleInputs, _inputs, value, isOutput: false));
        if (crossings.Where(boundary => readers.All(boundary.IsBefore)).ToList() is { Count: > 0 } usable)
        {
            return [usable.Exists(boundary => boundary.IsOutput) ? usable.Last(boundary => boundary.IsOutput) : usable[^1]];
        }

        // What these make of codes are codes of the same grid, or sums of such.
        var node = _emitted.Graph.Producer(value);
        return node.Operator is AddOperator or SubtractOperator or ReluOperator or MaxPoolOperator or SliceOperator or PermuteOperator
            or ReshapeOperator or SplitOperator or PadOperator { Mode: PadMode.Constant, Value: 0 }
            ? node.Inputs.SelectMany(input => Boundaries(sum, input, [.. readers, node.Module]))
            : throw new CaptureException(
                sum.Module, $"'{node.Name}', an operand of the residual sum '{sum.Name}', comes out of no module, and so no hook can "
                + "quantize it. Compute it last in a module that is called once in a forward, such as nn.Sigmoid() in the place of "
                + "functional.sigmoid; or leave out Joins.");
    }

    /// <summary>Where a value crosses boundaries, in the order of the calls; of modules that are called once.</summary>
    private static IEnumerable<ModuleBoundary> Crossings(
        IReadOnlyList<(string Module, GraphValue? Value)> calls, ILookup<string, GraphValue?> byModule, GraphValue value, bool isOutput) =>
        calls.Where(call => call.Value?.Id == value.Id && byModule[call.Module].Count() == 1)
            .Select(call => new ModuleBoundary(call.Module, isOutput));
}
