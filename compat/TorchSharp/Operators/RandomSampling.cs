using TorchSharp.Interop;

namespace TorchSharp;

// Random numbers written into a tensor or drawn from one.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator generator = null)
            => Aten.UniformInPlace.CallInPlace(this, @from, to, Value.Generator(generator));

        public Tensor normal_(double mean = 0, double std = 1, Generator generator = null)
            => Aten.NormalInPlace.CallInPlace(this, mean, std, Value.Generator(generator));

        public Tensor bernoulli(Generator generator = null) => Aten.Bernoulli.Call(this, Value.Generator(generator));

        public Tensor bernoulli_(double p = 0.5, Generator generator = null)
            => Aten.BernoulliInPlaceFloat.CallInPlace(this, p, Value.Generator(generator));

        public Tensor bernoulli_(Tensor p, Generator generator = null)
            => Aten.BernoulliInPlaceTensor.CallInPlace(this, p, Value.Generator(generator));

        public Tensor random_(double from, double to, Generator generator = null)
            => Aten.RandomInPlaceFrom.CallInPlace(this, (long)@from, (long)to, Value.Generator(generator));

        public Tensor exponential_(double lambda = 1, Generator generator = null)
            => Aten.ExponentialInPlace.CallInPlace(this, lambda, Value.Generator(generator));

        public Tensor geometric_(double p, Generator generator = null)
            => Aten.GeometricInPlace.CallInPlace(this, p, Value.Generator(generator));

        public Tensor log_normal_(double mean = 0, double std = 1, Generator generator = null)
            => Aten.LogNormalInPlace.CallInPlace(this, mean, std, Value.Generator(generator));

        public Tensor cauchy_(double median = 0, double sigma = 1, Generator generator = null)
            => Aten.CauchyInPlace.CallInPlace(this, median, sigma, Value.Generator(generator));

        public Tensor multinomial(long num_samples, bool replacement = false, Generator generator = null)
            => Aten.Multinomial.Call(this, num_samples, replacement, Value.Generator(generator));

        public Tensor poisson(Generator generator = null) => Aten.Poisson.Call(this, Value.Generator(generator));
    }

    public static Tensor bernoulli(Tensor input, Generator generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator generator = null)
        => input.multinomial(num_samples, replacement, generator);

    public static Tensor poisson(Tensor input, Generator generator = null) => input.poisson(generator);
}

file static class Aten
{
    internal static readonly Op Bernoulli = new("aten::bernoulli");
    internal static readonly Op BernoulliInPlaceFloat = new("aten::bernoulli_", "float");
    internal static readonly Op BernoulliInPlaceTensor = new("aten::bernoulli_", "Tensor");
    internal static readonly Op CauchyInPlace = new("aten::cauchy_");
    internal static readonly Op ExponentialInPlace = new("aten::exponential_");
    internal static readonly Op GeometricInPlace = new("aten::geometric_");
    internal static readonly Op LogNormalInPlace = new("aten::log_normal_");
    internal static readonly Op Multinomial = new("aten::multinomial");
    internal static readonly Op NormalInPlace = new("aten::normal_");
    internal static readonly Op Poisson = new("aten::poisson");
    internal static readonly Op RandomInPlaceFrom = new("aten::random_", "from");
    internal static readonly Op UniformInPlace = new("aten::uniform_");
}
