using AdaQat.Benchmarks.CommandLine;
using AdaQat.Benchmarks.Inference;
using AdaQat.Benchmarks.Integers;
using AdaQat.Benchmarks.Kernels;
using AdaQat.Benchmarks.Memory;
using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Searching;
using AdaQat.Benchmarks.Soak;
using AdaQat.Benchmarks.Steps;
using Samples.CommandLine;

namespace AdaQat.Tests.Benchmarks;

public sealed class BenchmarkCommandTests
{
    private BenchmarkOptions? _options;
    private KernelOptions? _kernels;
    private IntegerOptions? _integers;
    private OnnxTimesOptions? _onnx;
    private SoakOptions? _soak;
    private SearchOptions? _search;
    private MemoryOptions? _memory;

    [Fact]
    public void Without_options_the_defaults_hold()
    {
        Run().Code.Should().Be(ExitCode.Success);

        _options.Should().BeEquivalentTo(new BenchmarkOptions());
    }

    [Fact]
    public void Every_option_arrives()
    {
        Run("--kinds", "fp32,adaqat", "--networks", "resnet56,mobilenetv2", "--batch-sizes", "32,128", "--threads", "1,2", "--repetitions",
            "3", "--warm-up", "1", "--pause", "0", "--python", "--no-memory", "--json", "f").Code.Should().Be(ExitCode.Success);

        _options!.Kinds.Select(kind => kind.Name).Should().Equal("fp32", "adaqat");
        _options.Networks.Select(network => network.Name).Should().Equal("resnet56", "mobilenetv2");
        _options.Memory.Should().BeFalse();
        _options.BatchSizes.Should().Equal(32, 128);
        _options.Threads.Should().Equal(1, 2);
        (_options.Repetitions, _options.WarmUpSteps, _options.PauseMilliseconds).Should().Be((3, 1, 0));
        _options.Python.Should().BeTrue();
        _options.Json.Should().Be("f");
    }

    [Theory]
    [InlineData("qat", "fp32", "qat")]
    [InlineData("adaqat,fp32", "fp32", "adaqat")]
    public void The_step_that_ratios_refer_to_comes_first_always(string asked, params string[] measured)
    {
        Run("--kinds", asked);

        _options!.Kinds.Select(kind => kind.Name).Should().Equal(measured);
    }

    [Theory]
    [InlineData("--kinds", "int8", "fp32, qat")]
    [InlineData("--networks", "vgg", "resnet20, resnet32, resnet44, resnet56, mobilenetv2, mlp")]
    [InlineData("--kinds", "qat,qat", "each once")]
    [InlineData("--batch-sizes", "0", "whole numbers from 1 to 4096")]
    [InlineData("--batch-sizes", "32,", "whole numbers from 1 to 4096")]
    [InlineData("--batch-sizes", "32;128", "with commas between")]
    [InlineData("--threads", "1,1", "each once")]
    [InlineData("--threads", "-1", "whole numbers from 1 to 1024")]
    [InlineData("--repetitions", "0", "whole numbers from 1 to 100000")]
    [InlineData("--warm-up", "0", "whole numbers from 1 to 1000")]
    [InlineData("--pause", "-1", "whole numbers from 0 to 10000")]
    [InlineData("--json", " ", "a path")]
    public void A_bad_value_is_refused_with_option_value_and_what_is_allowed(string option, string value, string allowed)
    {
        Run(option, value).ShouldRefuse(option, value, allowed);

        _options.Should().BeNull();
    }

    [Fact]
    public void The_verbs_get_their_options_and_have_defaults()
    {
        Run("kernels").Code.Should().Be(ExitCode.Success);
        _kernels.Should().Be(new KernelOptions());
        Run("kernels", "--filter", "*Pact*", "--quick");
        _kernels.Should().Be(new KernelOptions { Filter = "*Pact*", Quick = true });

        Run("integers").Code.Should().Be(ExitCode.Success);
        _integers.Should().BeEquivalentTo(new IntegerOptions());
        Run("integers", "--alone", "--repetitions", "7");
        _integers.Should().BeEquivalentTo(new IntegerOptions { Alone = true, Repetitions = 7 });
        Run("integers", "--networks", "mobilenet", "--bits", "2,3", "--rounds", "5", "--save", "here");
        _integers.Should().BeEquivalentTo(
            new IntegerOptions { Networks = [SideBySide.Networks[1]], Bits = [2, 3], Rounds = 5, Folder = "here" });

        Run("onnx").Code.Should().Be(ExitCode.Success);
        _onnx.Should().BeEquivalentTo(new OnnxTimesOptions());
        Run("onnx", "--networks", "mobilenet", "--bits", "4", "--rounds", "5");
        _onnx.Should().BeEquivalentTo(new OnnxTimesOptions { Networks = [SideBySide.Networks[1]], Bits = [4], Rounds = 5 });

        Run("soak").Code.Should().Be(ExitCode.Success);
        _soak.Should().Be(new SoakOptions());
        Run("soak", "--steps", "1000");
        _soak.Should().Be(new SoakOptions { Steps = 1000 });
        Run("soak", "--captures", "--steps", "300");
        _soak.Should().Be(new SoakOptions { Steps = 300, Captures = true });
        Run("soak", "--steps", "10").Error.Should().Contain("'10'").And.Contain("whole numbers from 200");
        _options.Should().BeNull();
    }

    [Fact]
    public void The_program_understands_what_it_asks_itself_for_the_memory_of_any_step()
    {
        foreach (var (kind, network) in StepKinds.All.SelectMany(kind => NetworkKinds.All.Select(network => (kind, network))))
        {
            var asked = new MemoryOptions { Kind = kind, Network = network, BatchSize = 7, Threads = 2 };

            Run([.. MemoryCommand.Arguments(asked)]).Code.Should().Be(ExitCode.Success);

            _memory.Should().Be(asked);
        }
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var (_, error) = Run("--threads", "0", "--pause", "x", "--unknown");

        error.Should().ContainAll("--threads", "--pause", "--unknown");
    }

    [Fact]
    public void Help_lists_every_option_and_starts_nothing()
    {
        var output = new StringWriter();

        Command().Invoke(["--help"], output, TextWriter.Null).Should().Be(ExitCode.Success);

        output.ToString().Should().ContainAll(
            "--kinds", "--networks", "--batch-sizes", "--threads", "--repetitions", "--warm-up", "--pause", "--python", "--no-memory",
            "--json", "kernels", "soak");
        _options.Should().BeNull();
    }

    [Fact]
    public void The_search_asks_itself_for_memory_by_a_command_line_that_it_understands()
    {
        var asked = new SearchOptions { BatchSize = 64, Threads = 2, MemoryOf = 8 };

        Run([.. SearchCommand.Arguments(asked)]).Code.Should().Be(ExitCode.Success);

        _search.Should().BeEquivalentTo(asked);
        Run("search", "--candidates", "1").ShouldRefuse("--candidates", "1", "whole numbers from 2 to 32");
        SearchWork.Ratios(8).Should().Equal(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0);
    }

    private CommandOutcome Run(params string[] arguments) =>
        CommandOutcome.Of(error => Command().Invoke(arguments, TextWriter.Null, error));

    private BenchmarkCommand Command() => new(new BenchmarkVerbs
    {
        Steps = options => Done(_options = options),
        Kernels = options => Done(_kernels = options),
        Integers = options => Done(_integers = options),
        Onnx = options => Done(_onnx = options),
        Soak = options => Done(_soak = options),
        Search = options => Done(_search = options),
        Memory = options => Done(_memory = options),
    });

    private static int Done(object options) => options is null ? ExitCode.Failure : ExitCode.Success;
}
