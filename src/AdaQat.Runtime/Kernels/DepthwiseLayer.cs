namespace AdaQat.Runtime;

/// <summary>Sums of products of a convolution in which every channel has its own window and its own output.</summary>
internal sealed unsafe class DepthwiseLayer
{
    private readonly Pinned<short> _weights;
    private readonly Pinned<short>? _pairs;
    private readonly Pinned<int> _initial;
    private readonly Pinned<int> _taps;
    private readonly int _channels;
    private readonly int _padded;

    /// <param name="taps">Where each tap is, from a pixel's base on.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="weight">The weight of a channel at a tap.</param>
    /// <param name="initial">What each sum starts from.</param>
    /// <param name="most">The largest byte that can meet a weight.</param>
    public DepthwiseLayer(int[] taps, int channels, Func<int, int, int> weight, int[] initial, int most)
    {
        (_channels, _padded, IsShort) = (channels, (channels + 31) / 32 * 32, true);
        (_taps, _weights, _initial) = (new(taps), new(taps.Length * _padded), new(_padded));
        initial.CopyTo(_initial.Span);
        for (var c = 0; c < channels; c++)
        {
            var (low, high) = (0L, 0L);
            for (var tap = 0; tap < taps.Length; tap++)
            {
                var w = weight(c, tap);
                _weights.Span[(tap * _padded) + c] = (short)w;
                (low, high) = (low + (most * Math.Min(w, 0)), high + (most * Math.Max(w, 0)));
            }

            IsShort &= low >= short.MinValue && high <= short.MaxValue;
        }

        _pairs = IsShort ? null : DepthwisePairs.Arrange(_weights, taps.Length, _padded);
    }

    /// <summary>Whether all sums of products fit into 16 bits.</summary>
    public bool IsShort { get; }

    /// <summary>The bytes that its weights take.</summary>
    public long Bytes => (2L * (_weights.Count + (_pairs?.Count ?? 0))) + (4L * _initial.Count);

    /// <summary>Computes sums.</summary>
    /// <param name="kind">By which instructions.</param>
    /// <param name="input">The bytes.</param>
    /// <param name="bases">Where each pixel's bytes are, from the input on.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="sums">Where sums go.</param>
    /// <param name="stride">How far apart two pixels' sums are: channels, filled up to 16.</param>
    public void Run(KernelKind kind, byte* input, int* bases, int pixels, int* sums, int stride)
    {
        var channel = 0;
        for (; kind.HasAvx2() && channel < _channels; channel += 16)
        {
            if (kind == KernelKind.Avx512 && IsShort && channel + 16 < stride)
            {
                DepthwiseShorts.Huge(
                    input + channel, bases, pixels, _taps.Pointer, _taps.Count, _weights.Pointer + channel, _padded,
                    _initial.Pointer + channel, sums + channel, stride);
                channel += 16;
            }
            else if (IsShort)
            {
                DepthwiseShorts.Wide(
                    input + channel, bases, pixels, _taps.Pointer, _taps.Count, _weights.Pointer + channel, _padded,
                    _initial.Pointer + channel, sums + channel, stride);
            }
            else
            {
                DepthwisePairs.Run(
                    input + channel, bases, pixels, _taps.Pointer, _taps.Count, _pairs!.Pointer + (2 * channel), _padded,
                    _initial.Pointer + channel, sums + channel, stride);
            }
        }

        if (!kind.HasAvx2())
        {
            Plain(input, bases, pixels, sums, stride);
        }
    }

    private void Plain(byte* input, int* bases, int pixels, int* sums, int stride)
    {
        for (var pixel = 0; pixel < pixels; pixel++, sums += stride)
        {
            new Span<int>(_initial.Pointer, _channels).CopyTo(new Span<int>(sums, _channels));
            for (var tap = 0; tap < _taps.Count; tap++)
            {
                var at = input + bases[pixel] + _taps.Pointer[tap];
                var weights = _weights.Pointer + (tap * _padded);
                for (var c = 0; c < _channels; c++)
                {
                    sums[c] += at[c] * weights[c];
                }
            }
        }
    }
}
