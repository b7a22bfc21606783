using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// Sums of layers behind functions such as SiLU, as codes: the places where the function reaches the quantizer's thresholds are thresholds
/// of the sums.
/// </summary>
internal sealed class CurveRules(ModelDraft draft)
{
    private readonly Dictionary<(CodeGrid, ChannelMap), CodeSteps> _steps = [];

    /// <summary>The node that has the codes; what comes before it is added.</summary>
    public IntegerNode Add(RealValue value, CodeGrid grid, string name)
    {
        var (min, max) = (value.Node.Type.MinInteger, value.Node.Type.MaxInteger);
        IntegerSteps[] channels = [.. value.Maps.Select(map => map.IsChain
            ? Steps(grid, map.BehindRoot()).Before(map.Root()).OnIntegers(min, max)
            : CodeSearch.Of(map, grid, min, max) ?? throw new IntegerCompilerException(
                $"Quantizer '{name}': the codes of sums from {min} to {max} behind the functions before it are not found in reasonable "
                + "time, or some sum has no number. Quantize the functions' operand, or compute them in a layer that stays in float."))];
        if (channels.All(steps => steps.Rises == 0 || steps.Falls == 0))
        {
            return new RequantizeNode(name, value.Node, [.. channels.Select(steps => steps.Rule(grid.MaxCode))], grid.Codes);
        }

        return channels.Max(steps => steps.Codes.Length) <= 256
            ? OfStretches(value.Node, channels, grid, name) : OfRisesAndFalls(value.Node, channels, grid, name);
    }

    /// <summary>The functions' part is that of all channels, as a rule, and is looked for once.</summary>
    private CodeSteps Steps(CodeGrid grid, ChannelMap behind)
    {
        if (!_steps.TryGetValue((grid, behind), out var steps))
        {
            steps = CodeSteps.Of(grid).Before(behind);
            _steps.Add((grid, behind), steps);
        }

        return steps;
    }

    /// <summary>The number of the stretch between two thresholds, and a table of codes by stretch.</summary>
    private LookupNode OfStretches(IntegerNode sums, IntegerSteps[] channels, CodeGrid grid, string name)
    {
        var most = channels.Max(steps => steps.Codes.Length) - 1;
        var stretches = draft.Add(new RequantizeNode(
            draft.Name(name + ".stretches"), sums, [.. channels.Select(steps => steps.Stretches(most))], new Codes(most)));
        return new(name, stretches, grid.Codes,
            [.. channels.SelectMany(steps => steps.Codes.Concat(Enumerable.Repeat(steps.Codes[^1], most + 1 - steps.Codes.Length)))]);
    }

    /// <summary>The first code, plus all rises up to here, less all falls.</summary>
    private RequantizeNode OfRisesAndFalls(IntegerNode sums, IntegerSteps[] channels, CodeGrid grid, string name)
    {
        var (rises, falls) = (channels.Max(steps => steps.Rises), channels.Max(steps => steps.Falls));
        if (rises > 255 || falls > 255)
        {
            throw new IntegerCompilerException($"Quantizer '{name}': the function before it rises by {rises} codes and falls by {falls}; "
                + "allowed are 255 of each. Fewer bits there are a way out.");
        }

        var up = draft.Add(new RequantizeNode(
            draft.Name(name + ".rises"), sums, [.. channels.Select(steps => steps.Total(1, rises))], new Codes(rises)));
        var down = draft.Add(new RequantizeNode(
            draft.Name(name + ".falls"), sums, [.. channels.Select(steps => steps.Total(-1, falls))], new Codes(falls)));
        var change = draft.Add(new AddNode(draft.Name(name + ".change"), [up, down], [1, -1]));
        return new(name, change, [.. channels.Select(steps => new Rescale(1, steps.Codes[0], 0))], grid.Codes);
    }
}
