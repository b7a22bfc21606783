namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose forward takes one argument.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            /// <summary>The computation alone: no hook runs.</summary>
            public abstract TResult forward(T input);

            /// <summary>Pre-hooks, forward, post-hooks. A hook that returns null changes nothing; an exception in forward skips the post-hooks.</summary>
            public TResult call(T input)
            {
                RunModulePreHooks();
                foreach (var hook in pre_hooks.Values)
                    if (hook(this, input) is { } replaced)
                        input = replaced;

                var result = forward(input);

                foreach (var hook in post_hooks.Values)
                    if (hook(this, input, result) is { } replaced)
                        result = replaced;
                RunModulePostHooks();
                return result;
            }
        }
    }
}
