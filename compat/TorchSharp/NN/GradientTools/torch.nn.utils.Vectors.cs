using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>All parameters in one vector, one after the other.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(parameter => parameter.view(-1)).ToList()).MoveToOuterDisposeScope();
            }

            /// <summary>Takes a vector apart again, into the parameters.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var position = 0L;
                foreach (var parameter in tensors)
                {
                    parameter.copy_(vec.narrow(0, position, parameter.numel()).view_as(parameter));
                    position += parameter.numel();
                }
            }
        }
    }
}
