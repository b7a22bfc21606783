using TorchSharp.Modules;

namespace AdaQat.Tests.TorchApi.Optimizers;

/// <summary>Makes optimizers from the names and options of the fixtures.</summary>
internal static class Optimizers
{
    public static OptimizerHelper Make(OptimizerFixtures.Trajectory fixture, Descent problem)
    {
        Func<string, double, double> option = (name, otherwise) => fixture.Options.GetValueOrDefault(name, otherwise);
        var lr = fixture.Options["lr"];
        var decay = option("weight_decay", 0);
        var maximize = option("maximize", 0) != 0;
        var centered = option("centered", 0) != 0;
        var amsgrad = option("amsgrad", 0) != 0;
        return fixture.Optimizer switch
        {
            "SGD" when fixture.Groups.Count > 0 => torch.optim.SGD(SgdGroups(fixture, problem), lr, option("momentum", 0)),
            "SGD" => torch.optim.SGD(
                problem.Parameters, lr, option("momentum", 0), option("dampening", 0), decay, option("nesterov", 0) != 0, maximize),
            "Adam" when fixture.Groups.Count > 0 => torch.optim.Adam(AdamGroups(fixture, problem), lr),
            "Adam" => torch.optim.Adam(
                problem.Parameters, lr, option("beta1", 0.9), option("beta2", 0.999), option("eps", 1e-8), decay, amsgrad, maximize),
            "AdamW" when fixture.Groups.Count > 0 => torch.optim.AdamW(AdamWGroups(fixture, problem), lr),
            "AdamW" => torch.optim.AdamW(
                problem.Parameters, lr, option("beta1", 0.9), option("beta2", 0.999), option("eps", 1e-8), decay, amsgrad, maximize),
            "RMSProp" when fixture.Groups.Count > 0 => torch.optim.RMSProp(RmsPropGroups(fixture, problem), lr),
            "RMSProp" => torch.optim.RMSProp(
                problem.Parameters, lr, option("alpha", 0.99), option("eps", 1e-8), decay, option("momentum", 0), centered),
            _ => throw new InvalidDataException($"The fixture '{fixture.Name}' is of an unknown optimizer '{fixture.Optimizer}'."),
        };
    }

    private static IEnumerable<SGD.ParamGroup> SgdGroups(OptimizerFixtures.Trajectory fixture, Descent problem) =>
        Groups(fixture, problem, (parameters, options) => new SGD.ParamGroup(parameters, new SGD.Options
        {
            LearningRate = Given(options, "lr"),
            momentum = Given(options, "momentum"),
            weight_decay = Given(options, "weight_decay"),
        }));

    private static IEnumerable<Adam.ParamGroup> AdamGroups(OptimizerFixtures.Trajectory fixture, Descent problem) =>
        Groups(fixture, problem, (parameters, options) => new Adam.ParamGroup(parameters, new Adam.Options
        {
            LearningRate = Given(options, "lr"),
            beta1 = Given(options, "beta1"),
            beta2 = Given(options, "beta2"),
            weight_decay = Given(options, "weight_decay"),
            amsgrad = options.ContainsKey("amsgrad") ? true : null,
        }));

    private static IEnumerable<AdamW.ParamGroup> AdamWGroups(OptimizerFixtures.Trajectory fixture, Descent problem) =>
        Groups(fixture, problem, (parameters, options) => new AdamW.ParamGroup(parameters, new AdamW.Options
        {
            LearningRate = Given(options, "lr"),
            eps = Given(options, "eps"),
            weight_decay = Given(options, "weight_decay"),
        }));

    private static IEnumerable<RMSProp.ParamGroup> RmsPropGroups(OptimizerFixtures.Trajectory fixture, Descent problem) =>
        Groups(fixture, problem, (parameters, options) => new RMSProp.ParamGroup(parameters, new RMSProp.Options
        {
            LearningRate = Given(options, "lr"),
            alpha = Given(options, "alpha"),
            weight_decay = Given(options, "weight_decay"),
        }));

    private static IEnumerable<T> Groups<T>(
        OptimizerFixtures.Trajectory fixture,
        Descent problem,
        Func<IEnumerable<Parameter>, IReadOnlyDictionary<string, double>, T> make) =>
        [make([problem.Matrix], fixture.Groups[0]), make([problem.Vector, problem.Unused], fixture.Groups[1])];

    private static double? Given(IReadOnlyDictionary<string, double> options, string name) =>
        options.TryGetValue(name, out var value) ? value : null;
}
