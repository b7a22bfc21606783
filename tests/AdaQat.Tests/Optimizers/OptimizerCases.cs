using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Optimizers;

/// <summary>Optimizers whose steps hold their numbers, with every choice that their formulas have.</summary>
internal static class OptimizerCases
{
    public static readonly IReadOnlyDictionary<string, Func<IReadOnlyList<Parameter>, OptimizerHelper>> Held =
        new Dictionary<string, Func<IReadOnlyList<Parameter>, OptimizerHelper>>
        {
            ["sgd"] = p => optim.SGD(p, 0.1),
            ["sgd, momentum"] = p => optim.SGD(p, 0.1, momentum: 0.9),
            ["sgd, momentum and decay"] = p => optim.SGD(p, 0.1, momentum: 0.9, weight_decay: 1e-2),
            ["sgd, Nesterov"] = p => optim.SGD(p, 0.1, momentum: 0.9, weight_decay: 1e-2, nesterov: true),
            ["sgd, dampened, growing"] = p => optim.SGD(p, 0.1, momentum: 0.7, dampening: 0.3, maximize: true),
            ["sgd, two groups"] = p => optim.SGD(
                [new SGD.ParamGroup(p.Take(2), lr: 0.3, weight_decay: 0.1), new SGD.ParamGroup(p.Skip(2), lr: 0.01, momentum: 0.5)], 0.1),
            ["adam"] = p => optim.Adam(p, 1e-2),
            ["adam, of a search"] = p => optim.Adam(p, 1e-2, beta1: 0.5, beta2: 0.999),
            ["adam, decay"] = p => optim.Adam(p, 1e-2, weight_decay: 0.1),
            ["adam, AMSGrad, growing"] = p => optim.Adam(p, 1e-2, amsgrad: true, maximize: true),
            ["adam, two groups"] = p => optim.Adam(
                [new Adam.ParamGroup(p.Take(2), lr: 0.1, beta1: 0.3), new Adam.ParamGroup(p.Skip(2), lr: 0.01, eps: 1e-3)], 0.1),
            ["adamw"] = p => optim.AdamW(p, 1e-2),
            ["adamw, decay"] = p => optim.AdamW(p, 1e-2, weight_decay: 0.1),
            ["adamw, AMSGrad, growing"] = p => optim.AdamW(p, 1e-2, weight_decay: 0.1, amsgrad: true, maximize: true),
        };
}
