// Torch's random state and thread count belong to the process, so tests that set them must not run beside others.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
