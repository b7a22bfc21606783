using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Recording;

/// <summary>Hooks on a module of any kind: how many inputs it has shows in the types of its hooks alone.</summary>
internal static class ModuleHooks
{
    private static readonly MethodInfo Generic =
        typeof(ModuleHooks).GetMethod(nameof(Set), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Has both told of each call that returns; the result takes the hooks off.</summary>
    public static Action On(nn.Module module, Action before, Action after)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(nn.HookableModule<,>))
            {
                return (Action)Generic.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [module, before, after])!;
            }
        }

        // Not one that can be called, such as a list of modules.
        return () => { };
    }

    /// <summary>Has the tensor that a module returns told, where it takes one to three inputs and returns a tensor.</summary>
    public static Action OnOutput(nn.Module module, Action<Tensor> see) => InsteadOfOutput(module, output =>
    {
        see(output);
        return output;
    });

    /// <summary>Has the tensor that a module is given told, where that is all it takes.</summary>
    public static Action OnInput(nn.Module module, Action<Tensor> see) => InsteadOfInput(module, input =>
    {
        see(input);
        return input;
    });

    /// <summary>Puts a tensor in the place of the one that a module returns, where it takes one to three inputs.</summary>
    public static Action InsteadOfOutput(nn.Module module, Func<Tensor, Tensor> made) => module switch
    {
        nn.Module<Tensor, Tensor> one => one.register_forward_hook((_, _, output) => made(output)).remove,
        nn.Module<Tensor, Tensor, Tensor> two => two.register_forward_hook((_, _, _, output) => made(output)).remove,
        nn.Module<Tensor, Tensor, Tensor, Tensor> three => three.register_forward_hook((_, _, _, _, output) => made(output)).remove,
        _ => () => { }
        ,
    };

    /// <summary>Puts a tensor in the place of the one that a module is given, where that is all it takes and it returns one.</summary>
    public static Action InsteadOfInput(nn.Module module, Func<Tensor, Tensor> made) =>
        module is nn.Module<Tensor, Tensor> one ? one.register_forward_pre_hook((_, input) => made(input)).remove : () => { };

    private static Action Set<TPreHook, TPostHook>(nn.HookableModule<TPreHook, TPostHook> module, Action before, Action after)
        where TPreHook : Delegate
        where TPostHook : Delegate
    {
        var pre = module.register_forward_pre_hook((nn.Module _) => before());
        var post = module.register_forward_hook((nn.Module _) => after());
        return () =>
        {
            pre.remove();
            post.remove();
        };
    }
}
