using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdaQat.Reports.Pages;

/// <summary>A page that is one file: its data, style and scripts are in it, and nothing is loaded from anywhere.</summary>
internal static class HtmlPage
{
    /// <summary>The default encoder writes &lt; as an escape, so that no text in the data ends the script that it is in.</summary>
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="title">What the browser shows.</param>
    /// <param name="sections">The parts, from the top.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string title, IReadOnlyList<PageSection> sections)
    {
        var data = JsonSerializer.Serialize(new { sections = sections.Select(s => new { s.Kind, s.Data }) }, Options);
        var scripts = string.Join('\n', sections.Select(s => s.Script).Distinct().Select(Resource).Prepend(Resource("page.js")));
        // Pieces are put in one after the other, so that none is looked for in another.
        var page = new StringBuilder();
        foreach (var part in Resource("page.html").Split("{{").SelectMany(p => p.Split("}}", 2)))
        {
            page.Append(part switch
            {
                "title" => WebUtility.HtmlEncode(title),
                "style" => Resource("page.css"),
                "data" => data,
                "script" => scripts,
                _ => part,
            });
        }

        File.WriteAllText(path, page.ToString());
    }

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
