using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// <see cref="ChannelCombination"/> for contiguous float32 tensors on the CPU: two passes over memory forward, two backward, and nothing
/// kept between them but the input. Samples are shared out among torch's number of threads; sums are kept sample by sample, so that their
/// order, and with it the result, is the same for any number of threads.
/// </summary>
internal static unsafe class CombinationKernel
{
    private const int Numbers = 4;

    public static bool Serves(Tensor input) =>
        input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32 && input.is_contiguous() && input.dim() >= 2;

    /// <summary>Mean and variance of each channel, from sums of x − k and its square, k near the mean: the first sample's.</summary>
    public static ChannelMoments Moments(Tensor input)
    {
        var (samples, channels, length) = Sizes(input);
        var near = new float[channels];
        var sums = new double[samples, 2, channels];
        using var inputs = new FloatMemory(input);
        for (var channel = 0L; channel < channels; channel++)
        {
            near[channel] = (float)(ChannelSums.Of(inputs.At(channel * length), length, 0).Values / length);
        }

        ForEachSample(samples, sample =>
        {
            for (var channel = 0L; channel < channels; channel++)
            {
                (sums[sample, 0, channel], sums[sample, 1, channel]) =
                    ChannelSums.Of(inputs.At(((sample * channels) + channel) * length), length, near[channel]);
            }
        });
        var (values, squares, count) = (Summed(sums, 0), Summed(sums, 1), samples * length);
        var (mean, variance) = (new float[channels], new float[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var offset = values[channel] / count;
            mean[channel] = (float)(near[channel] + offset);
            variance[channel] = (float)Math.Max(0, (squares[channel] / count) - (offset * offset));
        }

        return new ChannelMoments(mean, variance, count);
    }

    /// <param name="input">x.</param>
    /// <param name="numbers">a, p, q, c.</param>
    /// <param name="windows">f and l.</param>
    /// <param name="moments">The input's.</param>
    /// <param name="deviation">1/√(σ² + ε).</param>
    public static Tensor Forward(Tensor input, MixedNumbers numbers, ChannelWindows windows, ChannelMoments moments, float[] deviation)
    {
        var result = empty_like(input);
        var (samples, channels, length) = Sizes(input);
        var (a, p, q, c) = (Values(numbers.Own), Values(numbers.First), Values(numbers.Last), Values(numbers.Shift));
        for (var i = 0; i < channels; i++)
        {
            var (f, l) = (windows.First[i], windows.Last[i]);
            (a[i], p[i], q[i]) = (a[i] * deviation[i], p[i] * deviation[f], q[i] * deviation[l]);
            c[i] -= (a[i] * moments.Mean[i]) + (p[i] * moments.Mean[f]) + (q[i] * moments.Mean[l]);
        }

        using var inputs = new FloatMemory(input);
        using var outputs = new FloatMemory(result);
        ForEachSample(samples, sample =>
        {
            var x = inputs.At(sample * channels * length);
            var y = outputs.At(sample * channels * length);
            for (var i = 0; i < channels; i++)
            {
                Combine(
                    x + (i * length), x + (windows.First[i] * length), x + (windows.Last[i] * length), y + (i * length), length,
                    a[i], p[i], q[i], c[i]);
            }
        });
        return result;
    }

    /// <summary>
    /// With dx̂ the derivative by x̂, that by x is (dx̂ − mean(dx̂) − x̂·mean(dx̂·x̂))/√(σ² + ε). Both means follow from the sums of g·x̂
    /// and g that the derivatives by a, p, q and c are.
    /// </summary>
    /// <param name="gradient">g = ∂L/∂output, contiguous.</param>
    /// <param name="input">x.</param>
    /// <param name="numbers">a, p, q, c.</param>
    /// <param name="windows">f and l.</param>
    /// <param name="moments">The input's.</param>
    /// <param name="deviation">1/√(σ² + ε).</param>
    /// <returns>The derivatives by x, and by a, p, q and c.</returns>
    public static (Tensor ForInput, Tensor[] ForNumbers) Backward(
        Tensor gradient, Tensor input, MixedNumbers numbers, ChannelWindows windows, ChannelMoments moments, float[] deviation)
    {
        var forInput = empty_like(input);
        var (samples, channels, length) = Sizes(input);
        var (a, p, q) = (Values(numbers.Own), Values(numbers.First), Values(numbers.Last));
        var products = new double[samples, Numbers, channels];
        using var inputs = new FloatMemory(input);
        using var gradients = new FloatMemory(gradient);
        using var outputs = new FloatMemory(forInput);
        ForEachSample(samples, sample =>
        {
            var x = inputs.At(sample * channels * length);
            var g = gradients.At(sample * channels * length);
            for (var i = 0; i < channels; i++)
            {
                var (f, l) = (windows.First[i], windows.Last[i]);
                (products[sample, 0, i], products[sample, 1, i], products[sample, 2, i], products[sample, 3, i]) = Products(
                    g + (i * length), x + (i * length), x + (f * length), x + (l * length), length,
                    moments.Mean[i], moments.Mean[f], moments.Mean[l]);
            }
        });
        var (forOwn, forFirst, forLast, forShift) =
            (Summed(products, 0), Summed(products, 1), Summed(products, 2), Summed(products, 3));
        var (sums, withInput) = (new double[channels], new double[channels]);
        for (var i = 0; i < channels; i++)
        {
            var (f, l) = (windows.First[i], windows.Last[i]);
            (forOwn[i], forFirst[i], forLast[i]) = (forOwn[i] * deviation[i], forFirst[i] * deviation[f], forLast[i] * deviation[l]);
            sums[i] += a[i] * forShift[i];
            sums[f] += p[i] * forShift[i];
            sums[l] += q[i] * forShift[i];
            withInput[i] += a[i] * forOwn[i];
            withInput[f] += p[i] * forFirst[i];
            withInput[l] += q[i] * forLast[i];
        }

        var (slope, shift) = (new float[channels], new float[channels]);
        for (var i = 0; i < channels; i++)
        {
            var (f, l) = (windows.First[i], windows.Last[i]);
            (a[i], p[i], q[i]) = (a[i] * deviation[i], p[i] * deviation[f], q[i] * deviation[l]);
            var falling = withInput[i] * deviation[i] * deviation[i] / moments.Count;
            slope[i] = (float)-falling;
            shift[i] = (float)((falling * moments.Mean[i]) - (sums[i] * deviation[i] / moments.Count));
        }

        ForEachSample(samples, sample =>
        {
            var x = inputs.At(sample * channels * length);
            var g = gradients.At(sample * channels * length);
            var y = outputs.At(sample * channels * length);
            for (var i = 0; i < channels; i++)
            {
                Combine(g + (i * length), x + (i * length), y + (i * length), length, a[i], slope[i], shift[i]);
            }

            for (var i = 0; i < channels; i++)
            {
                var row = g + (i * length);
                var (f, l) = (windows.First[i], windows.Last[i]);
                if (f == l)
                {
                    Accumulate(row, y + (f * length), length, p[i] + q[i]);
                }
                else
                {
                    Accumulate(row, y + (f * length), length, p[i]);
                    Accumulate(row, y + (l * length), length, q[i]);
                }
            }
        });
        return (forInput, [.. new[] { forOwn, forFirst, forLast, forShift }.Select(all => tensor(Array.ConvertAll(all, v => (float)v)))]);
    }

    /// <summary>The sums over all samples, in their order.</summary>
    private static double[] Summed(double[,,] sums, int number)
    {
        var all = new double[sums.GetLength(2)];
        for (var sample = 0; sample < sums.GetLength(0); sample++)
        {
            for (var channel = 0; channel < all.Length; channel++)
            {
                all[channel] += sums[sample, number, channel];
            }
        }

        return all;
    }

    private static (long Samples, long Channels, long Length) Sizes(Tensor input)
    {
        var shape = input.shape;
        return (shape[0], shape[1], shape.Skip(2).Aggregate(1L, (product, size) => product * size));
    }

    private static float[] Values(Tensor numbers)
    {
        using var contiguous = numbers.detach().contiguous();
        return contiguous.data<float>().ToArray();
    }

    private static void ForEachSample(long samples, Action<long> work)
    {
        var threads = get_num_threads();
        if (threads <= 1 || samples <= 1)
        {
            for (var sample = 0L; sample < samples; sample++)
            {
                work(sample);
            }
        }
        else
        {
            Parallel.For(0L, samples, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
    }

    private static void Combine(float* own, float* first, float* last, float* result, long length, float a, float p, float q, float c)
    {
        var (va, vp, vq, vc) = (new Vector<float>(a), new Vector<float>(p), new Vector<float>(q), new Vector<float>(c));
        var i = 0L;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var sum = (Vector.Load(own + i) * va) + (Vector.Load(first + i) * vp) + (Vector.Load(last + i) * vq) + vc;
            sum.Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = (own[i] * a) + (first[i] * p) + (last[i] * q) + c;
        }
    }

    private static void Combine(float* gradient, float* input, float* result, long length, float a, float slope, float shift)
    {
        var (va, vs, vc) = (new Vector<float>(a), new Vector<float>(slope), new Vector<float>(shift));
        var i = 0L;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((Vector.Load(gradient + i) * va) + (Vector.Load(input + i) * vs) + vc).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = (gradient[i] * a) + (input[i] * slope) + shift;
        }
    }

    private static void Accumulate(float* input, float* result, long length, float factor)
    {
        var i = 0L;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(result + i) + (Vector.Load(input + i) * factor)).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] += input[i] * factor;
        }
    }

    /// <summary>Sums of g·(xᵢ − μᵢ), g·(x_f − μ_f), g·(x_l − μ_l) and g over a channel of a sample.</summary>
    private static (double Own, double First, double Last, double Alone) Products(
        float* gradient, float* own, float* first, float* last, long length, float mean, float meanOfFirst, float meanOfLast)
    {
        var (a, p, q, c) = (0.0, 0.0, 0.0, 0.0);
        var (vm, vf, vl) = (new Vector<float>(mean), new Vector<float>(meanOfFirst), new Vector<float>(meanOfLast));
        var i = 0L;
        while (i <= length - Vector<float>.Count)
        {
            var end = Math.Min(length, i + ChannelSums.Block);
            var (va, vp, vq, vc) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var g = Vector.Load(gradient + i);
                va += g * (Vector.Load(own + i) - vm);
                vp += g * (Vector.Load(first + i) - vf);
                vq += g * (Vector.Load(last + i) - vl);
                vc += g;
            }

            (a, p, q, c) = (a + Vector.Sum(va), p + Vector.Sum(vp), q + Vector.Sum(vq), c + Vector.Sum(vc));
        }

        for (; i < length; i++)
        {
            a += gradient[i] * (own[i] - mean);
            p += gradient[i] * (first[i] - meanOfFirst);
            q += gradient[i] * (last[i] - meanOfLast);
            c += gradient[i];
        }

        return (a, p, q, c);
    }
}
