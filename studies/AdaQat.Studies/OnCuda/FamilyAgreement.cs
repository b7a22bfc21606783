using System.Globalization;
using AdaQat.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Studies.OnCuda;

/// <summary>
/// A family of quantizers beside the CPU's: loss and gradients of every parameter. In float64, where kernels that add in another order
/// turn no rounding over.
/// </summary>
internal static class FamilyAgreement
{
    private const double Tolerance = 1e-6;

    public static IReadOnlyList<(string Name, QuantizerOptions Weights, QuantizerOptions Activations)> All { get; } =
    [
        ("DoReFa with tanh, PACT", new DoReFaOptions { Transform = WeightTransform.Tanh }, new PactOptions()),
        ("DoReFa linear, PACT", new DoReFaOptions { Transform = WeightTransform.Linear }, new PactOptions()),
        ("LSQ", new LsqOptions(), new LsqOptions()),
        ("affine", new AffineOptions { Granularity = Granularity.PerChannel() }, new AffineOptions()),
        ("powers of two", new PowerOfTwoOptions(), new PactOptions()),
    ];

    public static string Check((string Name, QuantizerOptions Weights, QuantizerOptions Activations) family)
    {
        var largest = 0.0;
        foreach (var bits in new[] { 2, 4, 8 })
        {
            var options = new QuantizationOptions
            {
                Weights = family.Weights,
                Activations = family.Activations,
                WeightBits = BitWidthChoice.Fixed(bits),
                ActivationBits = BitWidthChoice.Fixed(bits),
            };
            var (here, there) = (Gradients(CPU, options), Gradients(CUDA, options));
            foreach (var (name, gradient) in here)
            {
                var difference = ((gradient - there[name]).norm() / gradient.norm().clamp_min(1e-12)).item<double>();
                largest = Math.Max(largest, difference);
                if (!(difference <= Tolerance))
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture, $"at {bits} bits '{name}' differs by {difference:0.0e+0} of its norm."));
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"2, 4 and 8 bits, at most {largest:0.0e+0} of a gradient's norm.");
    }

    private static Dictionary<string, Tensor> Gradients(Device device, QuantizationOptions options)
    {
        manual_seed(5);
        using var model = new DeviceNetwork();
        model.to(ScalarType.Float64);
        using var example = DeviceNetwork.Batch(CPU, 1, ScalarType.Float64).Input;
        using var quantized = QuantizedModel.Attach(model, example, options);
        model.to(device);
        var loss = DeviceNetwork.Loss(model, device, 2, ScalarType.Float64);
        loss.backward();
        var all = model.named_parameters().Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.cpu().clone());
        all["(loss)"] = loss.detach().cpu().clone();
        return all;
    }
}
