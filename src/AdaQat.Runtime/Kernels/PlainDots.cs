namespace AdaQat.Runtime;

/// <summary>Sums of products without vectors.</summary>
internal static unsafe class PlainDots
{
    public static void Run(DotLayer layer, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var weights = layer.Weights;
            for (var block = 0; block < layer.Blocks; block++)
            {
                var into = sums + (pixel * stride) + (block * 16);
                new Span<int>(layer.Initial + (block * 16), 16).CopyTo(new Span<int>(into, 16));
                for (var run = 0; run < layer.Starts.Length; run++)
                {
                    var at = input + bases[pixel] + layer.Starts[run];
                    for (var quad = 0; quad < layer.Quads[run]; quad++, at += 4, weights += 64)
                    {
                        for (var i = 0; i < 16; i++)
                        {
                            var w = weights + (4 * i);
                            into[i] += (at[0] * w[0]) + (at[1] * w[1]) + (at[2] * w[2]) + (at[3] * w[3]);
                        }
                    }
                }
            }
        }
    }
}
