using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// The reference: every node by its formula, in 64-bit integers, on one thread. What all faster ways must equal, to the bit.
/// </summary>
internal sealed class IntegerInterpreter(IntegerModel model)
{
    /// <summary>All values for one image.</summary>
    /// <param name="inputs">Floats, or bytes, for each input of the model, as a caller gives them.</param>
    public IReadOnlyDictionary<IntegerNode, ReferenceTensor> Run(params IReadOnlyList<Array> inputs)
    {
        var values = new Dictionary<IntegerNode, ReferenceTensor>(ReferenceEqualityComparer.Instance);
        var given = 0;
        foreach (var node in model.Nodes)
        {
            var value = new ReferenceTensor(node.Shape, node.Type);
            if (node is InputNode input)
            {
                Give(input, inputs[given++], value);
            }
            else
            {
                node.Compute([.. node.Inputs.Select(each => values[each])], value);
            }

            Check(node, value);
            values.Add(node, value);
        }

        return values;
    }

    /// <summary>An output as a caller gets it.</summary>
    public static float[] Output(OutputNode node, ReferenceTensor value)
    {
        var (result, channels) = (new float[value.Shape.ElementCount], value.Channels);
        var pixels = result.Length / channels;
        for (var i = 0; i < result.Length; i++)
        {
            result[node.ChannelsFirst ? (i % channels * pixels) + (i / channels) : i] = value.Floats[i];
        }

        return result;
    }

    /// <summary>Numbers of a caller as a value of the model.</summary>
    internal static void Give(InputNode node, Array numbers, ReferenceTensor value)
    {
        var (channels, count) = (value.Channels, (int)value.Shape.ElementCount);
        var pixels = count / channels;
        for (var i = 0; i < count; i++)
        {
            var place = node.ChannelsFirst ? (i % channels * pixels) + (i / channels) : i;
            if (numbers is float[] floats)
            {
                value.Floats[i] = floats[place];
            }
            else
            {
                value.Stored[i] = ((byte[])numbers)[place];
            }
        }
    }

    /// <summary>The proof of each range, looked at: a number outside its type is a fault of this library.</summary>
    private static void Check(IntegerNode node, ReferenceTensor value)
    {
        for (var i = 0; i < value.Stored.Length; i++)
        {
            var (number, integer) = (value.Stored[i], value.Integer(i));
            if ((node.Type is Codes codes && (number < 0 || number > codes.MaxCode))
                || integer < node.Type.MinInteger || integer > node.Type.MaxInteger)
            {
                throw new InvalidOperationException($"Element {i} of '{node.Name}' is {number}, outside {node.Type}.");
            }
        }
    }
}
