using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            /// <summary>Moves parameters and buffers; only floating-point ones change their element type.</summary>
            protected internal virtual Module _to(Device? device, ScalarType? dtype)
            {
                foreach (var (_, child) in _children) child._to(device, dtype);
                foreach (var (name, parameter) in _parameters.ToList())
                    if (Moved(parameter, device, dtype) is { } moved)
                        Replace(_parameters, name, parameter, new Parameter(moved, parameter.requires_grad));
                foreach (var (name, buffer) in _buffers.ToList())
                    if (Moved(buffer, device, dtype) is { } moved) Replace(_buffers, name, buffer, moved);
                return this;
            }

            /// <summary>The tensor where and as wanted; null when it is there already.</summary>
            private static Tensor? Moved(Tensor tensor, Device? device, ScalarType? dtype)
            {
                var type = dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
                var where = device ?? tensor.device;
                if (type == tensor.dtype && where.type == tensor.device_type && (where.index < 0 || where.index == tensor.device_index))
                    return null;
                using var recording = no_grad();
                return tensor.to(type, where);
            }

            private void Replace<T>(Named<T> entries, string name, T old, T replacement) where T : Tensor
            {
                replacement.DetachFromDisposeScope();
                foreach (var field in ComponentFields())
                    if (ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, replacement);
                entries[name] = replacement;
                old.Dispose();
            }
        }
    }
}

/// <summary>Moving a module keeps its type.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type) where T : torch.nn.Module => (T)module._to(null, type);
    public static T to<T>(this T module, torch.Device device) where T : torch.nn.Module => (T)module._to(device, null);
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type) where T : torch.nn.Module =>
        (T)module._to(device, type);
    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1) where T : torch.nn.Module =>
        (T)module._to(new torch.Device(deviceType, deviceIndex), null);
    public static T cpu<T>(this T module) where T : torch.nn.Module => (T)module._to(torch.CPU, null);
    public static T cuda<T>(this T module, int deviceIndex = -1) where T : torch.nn.Module =>
        (T)module._to(torch.device(DeviceType.CUDA, deviceIndex), null);
}
