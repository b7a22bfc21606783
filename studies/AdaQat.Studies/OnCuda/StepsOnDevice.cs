using System.Diagnostics;
using System.Globalization;
using AdaQat.Quantizers;
using AdaQat.Search;
using ChannelExpansion;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>Steps of ResNet-20 on 128 images: their memory and their time.</summary>
internal static class StepsOnDevice
{
    private const int WarmUp = 20;

    public static string CheckMemory(int steps)
    {
        using var course = new Course(CUDA, bits: 4, learned: true);
        course.Run(WarmUp);
        var before = UsedMebibytes();
        course.Run(steps);
        var after = UsedMebibytes();
        return after - before <= 64
            ? string.Create(CultureInfo.InvariantCulture, $"{before} MiB after {WarmUp} steps, {after} MiB after {steps} more.")
            : throw new InvalidOperationException($"{before} MiB after {WarmUp} steps, {after} MiB after {steps} more.");
    }

    public static string Times()
    {
        var times = new List<string>();
        foreach (var (name, bits, learned) in new[] { ("float32", 32, false), ("W4A4", 4, false), ("learned widths", 8, true) })
        {
            using var course = new Course(CUDA, bits, learned);
            course.Run(WarmUp);
            var clock = Stopwatch.StartNew();
            course.Run(50);
            times.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {clock.Elapsed.TotalMilliseconds / 50:0.0}"));
        }

        return string.Join(", ", times) + " ms, ResNet-20, 128 images.";
    }

    /// <summary>What the whole card holds, this process alone on it.</summary>
    private static int UsedMebibytes()
    {
        using var process = Process.Start(new ProcessStartInfo(
            "nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits"])
        { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return int.Parse(output.Split('\n')[0], CultureInfo.InvariantCulture);
    }

    private sealed class Course : IDisposable
    {
        private readonly PlannedResNet20 _model = new(ChannelPlan.Default);
        private readonly QuantizedModel? _quantized;
        private readonly BitWidthOptimizer? _widths;
        private readonly optim.Optimizer _weights;
        private readonly Tensor _input;
        private readonly Tensor _target;

        public Course(Device device, int bits, bool learned)
        {
            _model.to(device);
            (_input, _target) = (randn([128, 3, 32, 32], device: device), randint(0, 10, [128], device: device));
            if (bits < BitWidth.FloatBits)
            {
                var choice = learned ? BitWidthChoice.Learned() : BitWidthChoice.Fixed(bits);
                _quantized = QuantizedModel.Attach(
                    _model, _input, new QuantizationOptions { WeightBits = choice, ActivationBits = choice });
            }

            _widths = learned ? new BitWidthOptimizer(_quantized!, new BitWidthOptimizerOptions { TotalSteps = 2000 }) : null;
            _weights = optim.SGD(_quantized?.Parameters() ?? _model.parameters(), 0.01, momentum: 0.9);
        }

        public void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                _weights.zero_grad();
                var loss = Loss();
                loss.backward();
                _widths?.Step(loss, Loss);
                _weights.step();
            }

            cuda.synchronize();
        }

        public void Dispose()
        {
            _weights.Dispose();
            _quantized?.Dispose();
            _model.Dispose();
            _input.Dispose();
            _target.Dispose();
        }

        private Tensor Loss() => nn.functional.cross_entropy(_model.call(_input), _target);
    }
}
