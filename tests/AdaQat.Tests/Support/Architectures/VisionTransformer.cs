using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support.Architectures;

/// <summary>A small vision transformer (Dosovitskiy et al. 2020) whose attention is written with linear layers.</summary>
internal sealed class VisionTransformer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d patches;
    private readonly Parameter cls_token;
    private readonly Parameter pos_embedding;
    private readonly ModuleList<Block> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public VisionTransformer(long size = 16)
        : base(nameof(VisionTransformer))
    {
        patches = nn.Conv2d(3, size, 4, stride: 4);
        cls_token = nn.Parameter(zeros(1, 1, size));
        pos_embedding = nn.Parameter(randn(1, 5, size) * 0.02);
        blocks = new ModuleList<Block>(new Block(size, 4), new Block(size, 4));
        norm = nn.LayerNorm(size);
        head = nn.Linear(size, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patches.call(input).flatten(2).transpose(1, 2);
        x = cat([cls_token.expand(x.shape[0], -1, -1), x], 1) + pos_embedding;
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(x)[TensorIndex.Colon, 0]).MoveToOuterDisposeScope();
    }

    internal sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1;
        private readonly Attention attn;
        private readonly LayerNorm norm2;
        private readonly Sequential mlp;

        public Block(long size, long heads)
            : base(nameof(Block))
        {
            norm1 = nn.LayerNorm(size);
            attn = new Attention(size, heads);
            norm2 = nn.LayerNorm(size);
            mlp = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * size, size));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var x = input + attn.call(norm1.call(input));
            return x + mlp.call(norm2.call(x));
        }
    }

    internal sealed class Attention : nn.Module<Tensor, Tensor>
    {
        private readonly long _heads;
        private readonly Linear q;
        private readonly Linear k;
        private readonly Linear v;
        private readonly Linear proj;

        public Attention(long size, long heads)
            : base(nameof(Attention))
        {
            _heads = heads;
            q = nn.Linear(size, size);
            k = nn.Linear(size, size);
            v = nn.Linear(size, size);
            proj = nn.Linear(size, size);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var attended = nn.functional.scaled_dot_product_attention(Split(q.call(input)), Split(k.call(input)), Split(v.call(input)));
            return proj.call(attended.transpose(1, 2).flatten(2));
        }

        private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
    }
}
