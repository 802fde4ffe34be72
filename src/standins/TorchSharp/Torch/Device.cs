namespace TorchSharp;

/// <summary>Kinds of devices; the numbers are libtorch's own.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

public static partial class torch
{
    public static Device CPU { get; } = new(DeviceType.CPU);
    public static Device CUDA { get; } = new(DeviceType.CUDA);

    /// <summary>A device by its description: "cpu", "cuda" or "cuda:1".</summary>
    public static Device device(string description) => new(description);

    public static Device device(DeviceType type, int index = -1) => new(type, index);

    /// <summary>Where a tensor's elements lie. Equal by type and index.</summary>
    public sealed class Device : IEquatable<Device>
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = parts[0].ToLowerInvariant() switch
            {
                "cpu" => DeviceType.CPU,
                "cuda" => DeviceType.CUDA,
                _ => throw new ArgumentException($"'{description}' is no device; expected cpu, cuda or cuda:N", nameof(description)),
            };
            index = parts.Length > 1 ? int.Parse(parts[1]) : -1;
        }

        public Device(DeviceType type, int index = -1)
        {
            this.type = type;
            this.index = index;
        }

        public DeviceType type { get; }

        /// <summary>Which of several; -1 for the current or only one.</summary>
        public int index { get; }

        public bool Equals(Device? other) => other is not null && type == other.type && index == other.index;

        public override bool Equals(object? obj) => Equals(obj as Device);

        public override int GetHashCode() => HashCode.Combine(type, index);

        public override string ToString()
        {
            var name = type == DeviceType.CPU ? "cpu" : "cuda";
            return index < 0 ? name : $"{name}:{index}";
        }
    }
}
