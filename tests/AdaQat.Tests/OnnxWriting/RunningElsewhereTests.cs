using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdaQat.Export;
using AdaQat.Graph;
using Microsoft.Playwright;
using static TorchSharp.torch;

namespace AdaQat.Tests.OnnxWriting;

/// <summary>Programs outside the repository that have only ONNX Runtime: the page's one in C#, and the sample in a browser.</summary>
public sealed class RunningElsewhereTests : IDisposable
{
    private static readonly string[] Classes =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_pages_program_in_CSharp_says_the_class_of_a_picture()
    {
        var pixels = Pixels();
        var (file, scores) = Written(pixels);
        File.WriteAllBytes(_folder.In("picture.ppm"), [.. "P6\n8 8\n255\n"u8, .. pixels]);
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "onnx.md"));
        var program = Regex.Match(page, "```csharp\n(using Microsoft.ML.OnnxRuntime;.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var version = Regex.Match(
            File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props")), "Microsoft.ML.OnnxRuntime\" Version=\"([^\"]+)\"")
            .Groups[1].Value;
        Directory.CreateDirectory(_folder.In("app"));
        File.WriteAllText(_folder.In("app/Program.cs"), program);
        File.WriteAllText(_folder.In("app/app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="{version}" />
              </ItemGroup>
            </Project>
            """);

        var said = ChildProcess.RunDotnet(
            _folder.In("app"), new Dictionary<string, string>(), "run", "-c", "Release", "-v", "quiet", "--", file,
            _folder.In("picture.ppm"));

        said.Trim().Should().Be(Classes[scores.IndexOf(scores.Max())]);
    }

    [NodePageFact]
    public async Task The_sample_in_a_browser_says_what_ONNX_Runtime_says_here()
    {
        var pixels = Pixels();
        var (file, scores) = Written(pixels);
        using var server = Process.Start(new ProcessStartInfo("node", ["server.mjs", file, "0"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "samples", "OnnxPage"),
            RedirectStandardOutput = true,
        })!;
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!.Split(" on ")[1]);
            using var client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
            byte[] canvas = [.. pixels.Chunk(3).SelectMany(pixel => (byte[])[.. pixel, 255])];
            var answer = await (await client.PostAsync("/classify", new ByteArrayContent(canvas))).Content.ReadFromJsonAsync<JsonElement>();

            var theirs = answer.GetProperty("scores").EnumerateArray().Select(score => score.GetSingle()).ToList();
            theirs.Zip(scores).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
            answer.GetProperty("best").GetString().Should().Be(Classes[scores.IndexOf(scores.Max())]);
            (await client.PostAsync("/classify", new ByteArrayContent(canvas[1..]))).StatusCode.Should()
                .Be(System.Net.HttpStatusCode.BadRequest);
            if (Chromium.Path is not null)
            {
                await InBrowser(address, pixels, Classes[scores.IndexOf(scores.Max())]);
            }
        }
        finally
        {
            server.Kill();
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static byte[] Pixels()
    {
        var pixels = new byte[8 * 8 * 3];
        new Random(4).NextBytes(pixels);
        return pixels;
    }

    /// <summary>A person chooses a file, and reads.</summary>
    private static async Task InBrowser(Uri address, byte[] pixels, string expected)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"], Timeout = 0 });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(0);
        await page.GotoAsync(address.AbsoluteUri);
        await page.SetInputFilesAsync("input", new FilePayload { Name = "picture.bmp", MimeType = "image/bmp", Buffer = Bitmap(pixels) });
        await page.WaitForFunctionAsync("document.querySelector('#answer').textContent.indexOf('Choose') < 0");
        (await page.TextContentAsync("#answer")).Should().Be(expected);
    }

    /// <summary>The picture as a file that browsers read: rows from below, blue first.</summary>
    private static byte[] Bitmap(byte[] pixels)
    {
        var header = new byte[54];
        "BM"u8.CopyTo(header);
        BitConverter.GetBytes(54 + pixels.Length).CopyTo(header, 2);
        BitConverter.GetBytes(54).CopyTo(header, 10);
        BitConverter.GetBytes(40).CopyTo(header, 14);
        BitConverter.GetBytes(8).CopyTo(header, 18);
        BitConverter.GetBytes(8).CopyTo(header, 22);
        BitConverter.GetBytes((short)1).CopyTo(header, 26);
        BitConverter.GetBytes((short)24).CopyTo(header, 28);
        return [.. header, .. pixels.Chunk(24).Reverse().SelectMany(row => row.Chunk(3)).SelectMany(pixel => pixel.Reverse())];
    }

    /// <summary>A quantized network's file, and its scores of a picture, in this process.</summary>
    private (string File, List<float> Scores) Written(byte[] pixels)
    {
        manual_seed(11);
        using var model = new SmallResNet();
        var image = randn(4, 3, 8, 8);
        model.eval();
        using var quantized = DeployedNetworks.Quantize(model, image, "affine by channel", "2/2");
        var file = OnnxExport.Write(quantized.Graph(image), _folder.In("model.onnx"), new() { Form = OnnxForm.Compact });
        float[] mean = [0.4914f, 0.4822f, 0.4465f], deviation = [0.2470f, 0.2435f, 0.2616f];
        var numbers = new float[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            numbers[(i % 3 * 64) + (i / 3)] = ((pixels[i] / 255f) - mean[i % 3]) / deviation[i % 3];
        }

        var results = OnnxRun.Of(file.Path, optimizes: true, GraphTensor.Of([1, 3, 8, 8], numbers));
        return (file.Path, [.. results.Values.Single().ToFloat32()]);
    }
}
