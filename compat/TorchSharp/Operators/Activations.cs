using TorchSharp.Interop;

namespace TorchSharp;

// The activation functions that are tensor methods.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Aten.Relu.Call(this);
        public Tensor relu_() => Aten.ReluInPlace.CallInPlace(this);
        public Tensor relu6() => Aten.Relu6.Call(this);
        public Tensor relu6_() => Aten.Relu6InPlace.CallInPlace(this);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.LeakyRelu.Call(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Aten.LeakyReluInPlace.CallInPlace(this, negative_slope);
        public Tensor elu(double alpha = 1) => Aten.Elu.Call(this, alpha, 1, 1);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu.Call(this, alpha, scale, input_scale);
        public Tensor elu_(double alpha = 1) => Aten.EluInPlace.CallInPlace(this, alpha, 1, 1);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.EluInPlace.CallInPlace(this, alpha, scale, input_scale);
        public Tensor celu() => Aten.Celu.Call(this, 1);
        public Tensor celu(Scalar alpha) => Aten.Celu.Call(this, alpha);
        public Tensor celu_() => Aten.CeluInPlace.CallInPlace(this, 1);
        public Tensor celu_(Scalar alpha) => Aten.CeluInPlace.CallInPlace(this, alpha);
        public Tensor selu() => Aten.Selu.Call(this);
        public Tensor selu_() => Aten.SeluInPlace.CallInPlace(this);
        public Tensor gelu() => Aten.Gelu.Call(this, "none");
        public Tensor gelu_() => Aten.GeluInPlace.CallInPlace(this, "none");
        public Tensor silu() => Aten.Silu.Call(this);
        public Tensor silu_() => Aten.SiluInPlace.CallInPlace(this);
        public Tensor hardsigmoid() => Aten.Hardsigmoid.Call(this);
        public Tensor hardsigmoid_() => Aten.HardsigmoidInPlace.CallInPlace(this);
        public Tensor hardswish() => Aten.Hardswish.Call(this);
        public Tensor hardswish_() => Aten.HardswishInPlace.CallInPlace(this);
        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Hardtanh.Call(this, min, max);
        public Tensor hardtanh_(Scalar min, Scalar max) => Aten.HardtanhInPlace.CallInPlace(this, min, max);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.Softplus.Call(this, beta, threshold);
        public Tensor prelu(Tensor target) => Aten.Prelu.Call(this, target);
        public Tensor threshold(Scalar threshold, Scalar value) => Aten.Threshold.Call(this, threshold, value);
        public Tensor threshold_(Scalar threshold, Scalar value) => Aten.ThresholdInPlace.CallInPlace(this, threshold, value);
        public Tensor glu(long dim = -1) => Aten.Glu.Call(this, dim);
        public Tensor log_sigmoid() => Aten.LogSigmoid.Call(this);
        public Tensor rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3) => Aten.Rrelu.Call(this, lower, upper, false, Value.None);

        public Tensor rrelu_(double lower = 1.0 / 8, double upper = 1.0 / 3)
            => Aten.RreluInPlace.CallInPlace(this, lower, upper, false, Value.None);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.SoftmaxInt.Call(this, dim, Value.Type(dtype));
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmaxInt.Call(this, dim, Value.Type(dtype));
    }

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
}

file static class Aten
{
    internal static readonly Op Celu = new("aten::celu");
    internal static readonly Op CeluInPlace = new("aten::celu_");
    internal static readonly Op Elu = new("aten::elu");
    internal static readonly Op EluInPlace = new("aten::elu_");
    internal static readonly Op Gelu = new("aten::gelu");
    internal static readonly Op GeluInPlace = new("aten::gelu_");
    internal static readonly Op Glu = new("aten::glu");
    internal static readonly Op Hardsigmoid = new("aten::hardsigmoid");
    internal static readonly Op HardsigmoidInPlace = new("aten::hardsigmoid_");
    internal static readonly Op Hardswish = new("aten::hardswish");
    internal static readonly Op HardswishInPlace = new("aten::hardswish_");
    internal static readonly Op Hardtanh = new("aten::hardtanh");
    internal static readonly Op HardtanhInPlace = new("aten::hardtanh_");
    internal static readonly Op LeakyRelu = new("aten::leaky_relu");
    internal static readonly Op LeakyReluInPlace = new("aten::leaky_relu_");
    internal static readonly Op LogSigmoid = new("aten::log_sigmoid");
    internal static readonly Op LogSoftmaxInt = new("aten::log_softmax", "int");
    internal static readonly Op Prelu = new("aten::prelu");
    internal static readonly Op Relu = new("aten::relu");
    internal static readonly Op Relu6 = new("aten::relu6");
    internal static readonly Op Relu6InPlace = new("aten::relu6_");
    internal static readonly Op ReluInPlace = new("aten::relu_");
    internal static readonly Op Rrelu = new("aten::rrelu");
    internal static readonly Op RreluInPlace = new("aten::rrelu_");
    internal static readonly Op Selu = new("aten::selu");
    internal static readonly Op SeluInPlace = new("aten::selu_");
    internal static readonly Op Silu = new("aten::silu");
    internal static readonly Op SiluInPlace = new("aten::silu_");
    internal static readonly Op SoftmaxInt = new("aten::softmax", "int");
    internal static readonly Op Softplus = new("aten::softplus");
    internal static readonly Op Threshold = new("aten::threshold");
    internal static readonly Op ThresholdInPlace = new("aten::threshold_");
}
