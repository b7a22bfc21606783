using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Studies.Networks;

/// <summary>A small vision transformer (Dosovitskiy et al. 2020): patches of 4×4 pixels, three blocks, no class token but a mean.</summary>
public sealed class SmallVisionTransformer : nn.Module<Tensor, Tensor>
{
    private const long Size = 48;
    private const long Heads = 4;

    private readonly Conv2d patches;
    private readonly Parameter places;
    private readonly ModuleList<Block> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public SmallVisionTransformer(int classes = 10)
        : base(nameof(SmallVisionTransformer))
    {
        patches = nn.Conv2d(3, Size, 4, stride: 4);
        places = nn.Parameter(randn(1, 64, Size).mul_(0.02));
        blocks = new ModuleList<Block>(new Block(), new Block(), new Block());
        norm = nn.LayerNorm(Size);
        head = nn.Linear(Size, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patches.call(input).flatten(2).transpose(1, 2) + places;
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(x).mean([1])).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            patches.Dispose();
            blocks.Dispose();
            norm.Dispose();
            head.Dispose();
        }

        base.Dispose(disposing);
    }

    internal sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1;
        private readonly Linear q;
        private readonly Linear k;
        private readonly Linear v;
        private readonly Linear proj;
        private readonly LayerNorm norm2;
        private readonly Sequential mlp;

        public Block()
            : base(nameof(Block))
        {
            (norm1, norm2) = (nn.LayerNorm(Size), nn.LayerNorm(Size));
            (q, k, v, proj) = (nn.Linear(Size, Size), nn.Linear(Size, Size), nn.Linear(Size, Size), nn.Linear(Size, Size));
            mlp = nn.Sequential(("fc1", nn.Linear(Size, 2 * Size)), ("gelu", nn.GELU()), ("fc2", nn.Linear(2 * Size, Size)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var normed = norm1.call(input);
            var attended = nn.functional.scaled_dot_product_attention(
                Split(q.call(normed)), Split(k.call(normed)), Split(v.call(normed)));
            var x = input + proj.call(attended.transpose(1, 2).flatten(2));
            return (x + mlp.call(norm2.call(x))).MoveToOuterDisposeScope();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                nn.Module[] parts = [norm1, q, k, v, proj, norm2, mlp];
                foreach (var part in parts)
                {
                    part.Dispose();
                }
            }

            base.Dispose(disposing);
        }

        private static Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], Heads, -1).transpose(1, 2);
    }
}
