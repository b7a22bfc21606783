using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function's forward leaves for its backward. It lives as long as the node in the graph does.</summary>
        public unsafe class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private nint native;

            internal AutogradContext()
            {
            }

            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Keeps tensors, inputs or outputs among them, without making a cycle; to be called once, from forward.</summary>
            public void save_for_backward(List<Tensor> tensors) =>
                With(tensors, (context, handles, count) => NativeMethods.adaqat_context_save(context, handles, count));

            /// <summary>What was saved; an error where one of the tensors was changed since, or where the graph was already freed.</summary>
            public List<Tensor> get_saved_variables()
            {
                NativeValue* results;
                int count;
                Errors.Check(NativeMethods.adaqat_context_saved(Native, &results, &count));
                var saved = new List<Tensor>(count);
                for (var i = 0; i < count; i++) saved.Add(results[i].TakeTensor());
                return saved;
            }

            public void save_data(string key, object value) => data[key] = value;

            public object get_data(string key) => data.GetValueOrDefault(key);

            public void mark_dirty(List<Tensor> tensors) =>
                With(tensors, (context, handles, count) => NativeMethods.adaqat_context_mark_dirty(context, handles, count));

            public void mark_non_differentiable(List<Tensor> tensors) =>
                With(tensors, (context, handles, count) => NativeMethods.adaqat_context_mark_non_differentiable(context, handles, count));

            /// <summary>Whether a gradient that nobody computed reaches backward as zeros; else it is an invalid tensor.</summary>
            public void set_materialize_grads(bool value)
            {
                MaterializeGrads = value;
                NativeMethods.adaqat_context_materialize_grads(Native, value ? 1 : 0);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                native = 0;
                data.Clear();
            }

            internal void Enter(nint context) => native = context;

            private nint Native => native != 0 ? native : throw new ObjectDisposedException(nameof(AutogradContext));

            private delegate int Store(nint context, nint* handles, int count);

            private void With(List<Tensor> tensors, Store store)
            {
                var handles = Handles.Of(tensors);
                fixed (nint* pointer = handles) Errors.Check(store(Native, pointer, handles.Length));
                GC.KeepAlive(tensors);
            }
        }
    }
}
