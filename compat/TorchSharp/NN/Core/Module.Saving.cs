namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <remarks>
        /// The file: the number of entries (LEB128), then for each its name (a length-prefixed UTF-8 string, as
        /// <see cref="BinaryWriter"/> writes it) and the tensor (element type, number of dimensions and each dimension as LEB128, then
        /// the elements' bytes).
        /// </remarks>
        public partial class Module
        {
            public Module save(string location, IList<string> skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string> skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string> skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string> skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Write7BitEncodedInt64(entries.Count);
                foreach (var (name, tensor) in entries)
                {
                    writer.Write(name);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string> skip = null, Dictionary<string,
                bool> loadedParameters = null)
            {
                if (!File.Exists(location)) throw new FileNotFoundException(location);
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string> skip = null, Dictionary<string,
                bool> loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string> skip = null, Dictionary<string,
                bool> loadedParameters = null)
            {
                var (deviceType, deviceIndex) = (_deviceType, _deviceIndex);
                if (deviceType != DeviceType.CPU) this.cpu();
                try
                {
                    var target = state_dict();
                    var count = reader.Read7BitEncodedInt64();
                    if (strict && count != target.Count)
                        throw new ArgumentException($"Mismatched state_dict sizes: expected {target.Count}, but found {count} entries.");

                    for (long i = 0; i < count; i++)
                    {
                        var name = reader.ReadString();
                        var found = target.TryGetValue(name, out var tensor);
                        if (!found && strict)
                            throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{name}'");

                        // What is not wanted is read all the same, to come to the next entry.
                        if (found && skip?.Contains(name) != true) tensor.Load(reader);
                        else TensorExtensionMethods.Load(reader, skip: true);

                        loadedParameters?.Add(name, found);
                    }
                }
                finally
                {
                    if (deviceType != DeviceType.CPU) _to(deviceType, deviceIndex, false);
                }
                return this;
            }
        }
    }
}
