using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

internal static partial class OperatorTable
{
    private static void DefineShapes()
    {
        Define("view", a => [a.view(3, 4), a.reshape(-1, 2), a.flatten(), a.ravel(), a.unflatten(1, 2, 3)]);
        Define("squeeze", a => [a.squeeze(), a.squeeze(1), a.unsqueeze(0), a.unsqueeze(-1)]);
        Define("transpose", a => [a.transpose(0, 2), a.permute(1, 2, 0), a.movedim([0], [2]), a.mT]);
        Define("t", a => [a.t(), a.T]);
        Define("expand", a => [a.expand(2, 3), a.expand(2, -1, -1), a.broadcast_to(4, 3)]);
        Define("repeat", a => [a.repeat(2, 2), a.tile([1, 2]), a.repeat_interleave(2, 1)]);
        Define("flip", a => [a.flip(0, 2), a.fliplr(), a.flipud(), a.rot90(1, (0, 1))]);
        Define("roll", a => [a.roll(1), a.roll((1, -1), (0, 1)), a.roll(2, 1)]);
        Define("tensor unfold", a => [a.unfold(0, 3, 2)]);
        Define("diagonal", a => [a.diagonal(), a.diagonal(1), a.diag(-1), a.diag_embed()]);
        Define("parts", a => [a.narrow(1, 1, 3), a.select(0, 2), a.slice(1, 1, 6, 2)]);
        Define("split", a =>
        [
            .. a.split(4, dim: 1),
            .. a.split([1L, 3L], dim: 0),
            .. a.chunk(3, 1),
            .. a.unbind(),
            .. a.tensor_split(4, 1),
        ]);
        Define("cat", (a, b) => [cat([a, b], 0)]);
        Define("stack", (a, b) => [stack([a, b], 1), hstack(a, b), vstack([a, b]), dstack(a, b)]);
        Define("meshgrid", (a, b) => [.. meshgrid([a, b]), .. meshgrid([a, b], "xy")]);
        Define("as_strided", a => [a.as_strided([3, 3], [2, 1], 1)]);
    }
}
