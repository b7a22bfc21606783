using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Embedding Embedding(
            long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
            bool scale_grad_by_freq = false, bool sparse = false, Device device = null, ScalarType? dtype = null)
            => new(Modules.Embedding.NewWeight(num_embeddings, embedding_dims, padding_idx, device, dtype), padding_idx, max_norm,
                norm_type,
                scale_grad_by_freq, sparse);

        public static Embedding Embedding_from_pretrained(
            Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
            bool scale_grad_by_freq = false, bool sparse = false, Device device = null, ScalarType? dtype = null)
        {
            if (embeddings.ndim != 2) throw new ArgumentException("Embeddings parameter is expected to be 2-dimensional");
            var copy = embeddings.detach().to(dtype ?? embeddings.dtype, device ?? embeddings.device, copy: true);
            return new(Parameter(copy, !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        }
    }
}
