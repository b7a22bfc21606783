namespace AdaQat.Tests.Support;

/// <summary>A fact that needs a <see cref="SmallDisk"/>; skipped, by name, where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        try
        {
            using var disk = new SmallDisk(64);
        }
        catch (NotSupportedException error)
        {
            Skip = error.Message;
        }
    }
}
