using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>
/// <see cref="ChannelCombination"/> in one pass over memory forward and one backward, for contiguous float32 tensors on the CPU. Samples
/// are shared out among torch's number of threads; sums are kept sample by sample, so that their order is always the same.
/// </summary>
internal static unsafe class CombinationKernel
{
    private const int Numbers = 4;

    public static bool Serves(Tensor input) =>
        input.device_type == DeviceType.CPU && input.dtype == ScalarType.Float32 && input.is_contiguous() && input.dim() >= 2;

    /// <param name="normalized">x̂.</param>
    /// <param name="numbers">a, p, q, c.</param>
    /// <param name="windows">f and l.</param>
    public static Tensor Forward(Tensor normalized, Tensor[] numbers, ChannelWindows windows)
    {
        var result = empty_like(normalized);
        var (a, p, q, c) = (Values(numbers[0]), Values(numbers[1]), Values(numbers[2]), Values(numbers[3]));
        using var inputs = new FloatMemory(normalized);
        using var outputs = new FloatMemory(result);
        var (channels, length) = (normalized.shape[1], Length(normalized));
        ForEachSample(normalized.shape[0], sample =>
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

    /// <param name="gradient">∂L/∂output, contiguous.</param>
    /// <param name="normalized">x̂.</param>
    /// <param name="numbers">a, p, q.</param>
    /// <param name="windows">f and l.</param>
    /// <returns>The derivatives by x̂, and by a, p, q and c.</returns>
    public static (Tensor ForInput, Tensor[] ForNumbers) Backward(
        Tensor gradient, Tensor normalized, Tensor[] numbers, ChannelWindows windows)
    {
        var forInput = empty_like(normalized);
        var (a, p, q) = (Values(numbers[0]), Values(numbers[1]), Values(numbers[2]));
        var (samples, channels, length) = (normalized.shape[0], normalized.shape[1], Length(normalized));
        var sums = new float[samples, Numbers, channels];
        using var inputs = new FloatMemory(normalized);
        using var gradients = new FloatMemory(gradient);
        using var outputs = new FloatMemory(forInput);
        ForEachSample(samples, sample =>
        {
            var offset = sample * channels * length;
            var x = inputs.At(offset);
            var g = gradients.At(offset);
            var y = outputs.At(offset);
            for (var i = 0; i < channels; i++)
            {
                Scale(g + (i * length), y + (i * length), length, a[i]);
            }

            for (var i = 0; i < channels; i++)
            {
                var row = g + (i * length);
                var (f, l) = (windows.First[i] * length, windows.Last[i] * length);
                Accumulate(row, y + f, length, p[i]);
                Accumulate(row, y + l, length, q[i]);
                (sums[sample, 0, i], sums[sample, 1, i], sums[sample, 2, i], sums[sample, 3, i]) =
                    Products(row, x + (i * length), x + f, x + l, length);
            }
        });
        return (forInput, [.. Enumerable.Range(0, Numbers).Select(number => Summed(sums, number))]);
    }

    private static Tensor Summed(float[,,] sums, int number)
    {
        var all = new float[sums.GetLength(2)];
        for (var channel = 0; channel < all.Length; channel++)
        {
            var sum = 0.0;
            for (var sample = 0; sample < sums.GetLength(0); sample++)
            {
                sum += sums[sample, number, channel];
            }

            all[channel] = (float)sum;
        }

        return tensor(all);
    }

    private static long Length(Tensor input) => input.shape.Skip(2).Aggregate(1L, (product, size) => product * size);

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

    private static void Scale(float* input, float* result, long length, float factor)
    {
        var i = 0L;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(input + i) * factor).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = input[i] * factor;
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

    /// <summary>Sums of g·x̂ᵢ, g·x̂_f, g·x̂_l and g over a channel of a sample.</summary>
    private static (float Own, float First, float Last, float Alone) Products(
        float* gradient, float* own, float* first, float* last, long length)
    {
        var (a, p, q, c) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0L;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = Vector.Load(gradient + i);
            a += g * Vector.Load(own + i);
            p += g * Vector.Load(first + i);
            q += g * Vector.Load(last + i);
            c += g;
        }

        var sums = (Own: Vector.Sum(a), First: Vector.Sum(p), Last: Vector.Sum(q), Alone: Vector.Sum(c));
        for (; i < length; i++)
        {
            sums.Own += gradient[i] * own[i];
            sums.First += gradient[i] * first[i];
            sums.Last += gradient[i] * last[i];
            sums.Alone += gradient[i];
        }

        return sums;
    }
}
