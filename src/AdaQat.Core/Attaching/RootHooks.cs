using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>Notices where a forward of the whole model begins and ends, whatever the model takes and returns.</summary>
internal sealed class RootHooks
{
    private readonly Func<Action, Action, Action> _register;

    private RootHooks(Func<Action, Action, Action> register) => _register = register;

    /// <summary>For any kind of module: how many inputs it has shows in the types of its hooks alone.</summary>
    public static RootHooks On<TPreHook, TPostHook>(nn.HookableModule<TPreHook, TPostHook> model)
        where TPreHook : Delegate
        where TPostHook : Delegate
        => new((before, after) =>
        {
            var pre = model.register_forward_pre_hook((nn.Module _) => before());
            var post = model.register_forward_hook((nn.Module _) => after());
            return () =>
            {
                pre.remove();
                post.remove();
            };
        });

    /// <summary>Registers both; the result removes them.</summary>
    public Action Register(Action before, Action after) => _register(before, after);
}
