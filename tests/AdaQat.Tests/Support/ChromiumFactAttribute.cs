namespace AdaQat.Tests.Support;

/// <summary>A fact that needs a browser; skipped, and said, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Path is null)
        {
            Skip = "There is no Chromium on the path; on Debian the package 'chromium' has it.";
        }
    }
}
