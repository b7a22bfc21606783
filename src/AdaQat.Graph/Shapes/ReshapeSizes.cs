namespace AdaQat.Graph;

/// <summary>Reads the sizes of a reshape that was seen once as a rule for other batch and image sizes.</summary>
/// <remarks>
/// <para>Axes of input and output are taken in groups of the same number of elements, each as small as can be: [4,16,2,2] to [4,64] are the
/// groups 4 → 4 and 16·2·2 → 64. An axis that is a whole group becomes the product of its axes of the input: 64 becomes
/// size(0,1)·size(0,2)·size(0,3), as in <c>flatten(1)</c>.</para>
/// <para>Where a group has several axes in the output, they are the numbers that were seen: [4,5,8] to [4,5,2,4] keeps 2 and 4. One that
/// was given as −1 remains, if it is in such a group; if none is, and the group begins with the first axis of the input, which is the
/// batch, the first of its axes does: [20,8] to [4,5,8] becomes [−1,5,8]. Where another reading was meant, say it with <see
/// cref="SizeExpression.Of"/>.</para>
/// </remarks>
public static class ReshapeSizes
{
    /// <summary>The rule behind a reshape.</summary>
    /// <param name="input">The shape that was reshaped.</param>
    /// <param name="sizes">The sizes that were asked for; at most one is −1.</param>
    /// <returns>An expression for each of them.</returns>
    /// <exception cref="GraphException">The sizes don't fit the elements of the input.</exception>
    public static EquatableList<SizeExpression> Seen(Shape input, params ReadOnlySpan<long> sizes)
    {
        ArgumentNullException.ThrowIfNull(input);
        var asked = sizes.ToArray();
        var expressions = asked.Select(size => size < -1
            ? throw new GraphException($"a size of the reshape is {size}; allowed are 0 and more, and −1 for one of them.")
            : (SizeExpression)size).ToArray();
        var output = Resolve(input, [input], expressions);
        if (input.ElementCount == 0)
        {
            // Any product of sizes is 0: groups say nothing.
            return [.. expressions];
        }

        var groups = Groups(input, output);
        foreach (var group in groups)
        {
            WriteProduct(expressions, group, output);
        }

        // A −1 that is still there was given for a reason; without one the batch is what remains.
        var batch = groups.FirstOrDefault(group => group.From == 0 && expressions[group.To..group.OutputEnd].Any(size => IsSplit(size)));
        if (batch is not null && input[0] > 1 && !expressions.Any(size => size.IsRemaining))
        {
            expressions[batch.To + Array.FindIndex(expressions[batch.To..batch.OutputEnd], IsSplit)] = SizeExpression.Remaining;
        }

        return [.. expressions];

        static bool IsSplit(SizeExpression size) => size.References.Count == 0 && size.Factor != 1;
    }

    /// <summary>The shape that sizes stand for.</summary>
    internal static Shape Resolve(Shape input, IReadOnlyList<Shape> inputs, IReadOnlyList<SizeExpression> sizes)
    {
        var given = (Int128)1;
        var remaining = -1;
        var resolved = new long[sizes.Count];
        for (var axis = 0; axis < sizes.Count; axis++)
        {
            if (!sizes[axis].IsRemaining)
            {
                resolved[axis] = sizes[axis].Value(inputs);
                given *= resolved[axis];
            }
            else if (remaining < 0)
            {
                remaining = axis;
            }
            else
            {
                throw new GraphException($"the sizes {EquatableList.From(sizes)} of the reshape have −1 more than once; allowed is once.");
            }
        }

        if (remaining >= 0)
        {
            if (given == 0 || input.ElementCount % given != 0)
            {
                throw new GraphException($"the input {input} can't be reshaped to {EquatableList.From(sizes)}: "
                    + $"its {input.ElementCount} elements are no multiple of {given}.");
            }

            resolved[remaining] = (long)(input.ElementCount / given);
        }
        else if (given != input.ElementCount)
        {
            throw new GraphException($"the input {input} can't be reshaped to [{string.Join(',', resolved)}]: "
                + $"it has {input.ElementCount} elements, not {given}.");
        }

        return new(resolved);
    }

    /// <summary>The fewest axes, on both sides, with as many elements, from the first axis to the last.</summary>
    private static List<Group> Groups(Shape input, Shape output)
    {
        var groups = new List<Group>();
        for (int from = 0, to = 0; from < input.Rank || to < output.Rank;)
        {
            var (firstFrom, firstTo) = (from, to);
            var (left, right) = (from < input.Rank ? input[from++] : 1, to < output.Rank ? output[to++] : 1);
            while (left != right)
            {
                if (left < right)
                {
                    left *= input[from++];
                }
                else
                {
                    right *= output[to++];
                }
            }

            // What is left of one side when the other has ended can only be ones.
            (from, to) = (to == output.Rank ? input.Rank : from, from == input.Rank ? output.Rank : to);
            groups.Add(new(firstFrom, from, firstTo, to));
        }

        return groups;
    }

    /// <summary>A group with one axis in the output, ones aside: that axis is the product of the group's axes in the input.</summary>
    private static void WriteProduct(SizeExpression[] sizes, Group group, Shape output)
    {
        var axes = Enumerable.Range(group.To, group.OutputEnd - group.To).ToList();
        var real = axes.Where(axis => output[axis] != 1).ToList();
        var whole = real.Count == 0 ? axes.Take(1).ToList() : real;
        if (whole.Count == 1 && group.InputEnd > group.From)
        {
            foreach (var axis in axes)
            {
                sizes[axis] = SizeExpression.Exactly(1);
            }

            sizes[whole[0]] = SizeExpression.Product(
                [.. Enumerable.Range(group.From, group.InputEnd - group.From).Select(axis => new SizeReference(0, axis))]);
        }
    }

    /// <summary>Axes of the input, and those of the output with as many elements; the ends are not part of it.</summary>
    private sealed record Group(int From, int InputEnd, int To, int OutputEnd);
}
