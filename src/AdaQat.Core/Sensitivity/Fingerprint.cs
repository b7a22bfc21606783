using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace AdaQat.Sensitivity;

/// <summary>What two analyses must have in common to be one.</summary>
internal static class Fingerprint
{
    /// <summary>The numbers of a model: all parameters and buffers by name, quantizers' too.</summary>
    public static string Of(nn.Module model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(model.named_buffers()))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}:{tensor.dtype}:{string.Join(',', tensor.shape)};"));
            Append(hash, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The numbers of tensors.</summary>
    public static string Of(params ReadOnlySpan<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            Append(hash, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        if (tensor.numel() > 0)
        {
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
    }
}
