namespace AdaQat.Runtime;

/// <summary>Arithmetic of whole tiles.</summary>
internal static unsafe class Tile
{
    public static void Add(int* tile, long count, int number)
    {
        for (var i = 0L; i < count; i++)
        {
            tile[i] += number;
        }
    }

    public static void Multiply(int* tile, int* by, int count)
    {
        for (var i = 0; i < count; i++)
        {
            tile[i] *= by[i];
        }
    }
}
