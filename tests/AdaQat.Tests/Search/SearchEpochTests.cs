using AdaQat.Search;

namespace AdaQat.Tests.Search;

public sealed class SearchEpochTests
{
    private static readonly SearchEpoch Epoch = new(
        Epoch: 2, Steps: 8, Loss: 1.23456, ChannelLoss: null, Accuracy: 0.4512, ExpectedMacs: 41.2e6, Macs: 40.55e6, ExpectedParameters: 1,
        Parameters: 269_722, Groups: [], Grown: ["stem", "layer1.0"]);

    [Fact]
    public void An_epoch_is_one_line()
    {
        Epoch.ToString().Should().Be(
            "epoch 2: loss 1.235, test 45.1 %, MACs 40.55 M (expected 41.20 M), parameters 269,722, grows: stem, layer1.0");
    }

    [Fact]
    public void What_an_epoch_does_not_have_its_line_does_not_say_and_a_small_network_has_its_multiplications_whole()
    {
        (Epoch with { Accuracy = null, Grown = [], Macs = 1_480, ExpectedMacs = 1_512.4, Parameters = 90 }).ToString().Should().Be(
            "epoch 2: loss 1.235, MACs 1,480 (expected 1,512), parameters 90");
    }

    [Fact]
    public void A_layer_that_grew_more_than_once_is_named_once()
    {
        (Epoch with { Grown = ["stem", "layer1.0", "stem"] }).ToString().Should().EndWith(", grows: stem 2 times, layer1.0");
    }

    [Fact]
    public void A_culture_with_commas_changes_nothing()
    {
        using var culture = new CommaCulture();

        An_epoch_is_one_line();
    }
}
