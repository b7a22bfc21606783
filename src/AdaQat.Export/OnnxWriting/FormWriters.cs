namespace AdaQat.Export;

/// <summary>What a form does with weights and with quantizers.</summary>
internal static class FormWriters
{
    public static (IStoredValues Stored, IQuantizerWriter Quantizers) Of(OnnxForm form) => form switch
    {
        OnnxForm.Plain => (new FloatValues(), new FloatQuantizer()),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, $"The form is {form}."),
    };
}
