using System.Text.Json;
using AdaQat.Benchmarks;
using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Integers;
using AdaQat.Benchmarks.Kernels;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Searching;
using AdaQat.Benchmarks.Soak;
using Samples.CommandLine;

return Faults.Guard(Console.Error, () => new BenchmarkCommand(new BenchmarkVerbs
{
    Steps = BenchmarkRun.Execute,
    Kernels = KernelRun.Execute,
    Integers = IntegerRun.Execute,
    Onnx = OnnxTimes.Execute,
    Soak = SoakRun.Execute,
    Search = SearchRun.Execute,
    Memory = options =>
    {
        Console.WriteLine(JsonSerializer.Serialize(PeakMemoryProbe.Measure(options), JsonSerializerOptions.Web));
        return ExitCode.Success;
    },
}).Invoke(args, Console.Out, Console.Error));
