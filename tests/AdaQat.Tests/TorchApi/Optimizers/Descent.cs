using TorchSharp.Modules;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>The problem of the fixtures: a matrix and a vector with a quadratic loss, and a parameter that the loss does not use.</summary>
internal sealed class Descent : IDisposable
{
    private readonly torch.Tensor _curvature = torch.tensor(new[,] { { 1.0, 0.5 }, { 2.0, 0.25 }, { 1.5, 3.0 } });
    private readonly torch.Tensor _target = torch.tensor(new[,] { { 0.0, 1.0 }, { -1.0, 2.0 }, { 0.5, -0.5 } });

    public Descent()
    {
        Matrix = torch.nn.Parameter(torch.tensor(new[,] { { 0.5, -1.25 }, { 2.0, 0.75 }, { -0.5, 1.5 } }));
        Vector = torch.nn.Parameter(torch.tensor(new[] { 1.0, -2.0, 0.25 }));
        Unused = torch.nn.Parameter(torch.tensor(new[] { 3.0, -3.0 }));
        Parameters = [Matrix, Vector, Unused];
    }

    public Parameter Matrix { get; }

    public Parameter Vector { get; }

    public Parameter Unused { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public double[] Values => [.. Parameters.SelectMany(parameter => Read(parameter))];

    public torch.Tensor Loss() =>
        0.5 * (_curvature * (Matrix - _target).pow(2)).sum() + 0.75 * (Vector - 0.5).pow(2).sum();

    public void Step(torch.optim.Optimizer optimizer)
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad();
        Loss().backward();
        optimizer.step();
    }

    public void Steps(torch.optim.Optimizer optimizer, int count)
    {
        for (var i = 0; i < count; i++) Step(optimizer);
    }

    /// <summary>Takes over the values of another problem, as a resumed run does.</summary>
    public void CopyFrom(Descent other)
    {
        using var noGradients = torch.no_grad();
        foreach (var (own, others) in Parameters.Zip(other.Parameters)) own.copy_(others);
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
        _curvature.Dispose();
        _target.Dispose();
    }

    public static double[] Read(torch.Tensor tensor)
    {
        using var detached = tensor.detach();
        return detached.data<double>().ToArray();
    }
}
