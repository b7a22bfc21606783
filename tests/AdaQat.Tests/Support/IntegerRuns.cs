using System.Runtime.InteropServices;
using AdaQat.Runtime;

namespace AdaQat.Tests.Support;

/// <summary>One image through a model, by the reference and by contexts.</summary>
internal static class IntegerRuns
{
    /// <summary>All outputs, by the interpreter in 64 bits.</summary>
    public static float[][] Reference(IntegerModel model, IReadOnlyList<Array> image)
    {
        var values = new IntegerInterpreter(model).Run(image);
        return [.. model.Outputs.Select(output => IntegerInterpreter.Output(output, values[output]))];
    }

    /// <summary>All outputs of each image, by a context.</summary>
    public static float[][][] Context(IntegerModel model, IntegerContext context, params IReadOnlyList<Array>[] images)
    {
        for (var i = 0; i < model.Inputs.Count; i++)
        {
            var count = (int)model.Inputs[i].Shape.ElementCount;
            for (var image = 0; image < images.Length; image++)
            {
                if (images[image][i] is float[] floats)
                {
                    floats.CopyTo(context.FloatInput(i)[(image * count)..]);
                }
                else
                {
                    ((byte[])images[image][i]).CopyTo(context.ByteInput(i)[(image * count)..]);
                }
            }
        }

        context.Run(images.Length);
        return [.. Enumerable.Range(0, images.Length).Select(image => model.Outputs.Select((output, i) =>
        {
            var count = (int)output.Shape.ElementCount;
            return context.Output(i).Slice(image * count, count).ToArray();
        }).ToArray())];
    }

    /// <summary>Whether two runs' outputs are equal bit by bit.</summary>
    public static bool Same(float[][] left, float[][] right) => left.Length == right.Length && left.Zip(right).All(pair =>
        MemoryMarshal.AsBytes(pair.First.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(pair.Second.AsSpan())));
}
