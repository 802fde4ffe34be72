using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace M3.Adaptive.Service.Predicting;

/// <summary>Which requests a challenger decides for. Pure.</summary>
internal static class TrafficSplit
{
    /// <summary>
    /// A number that is spread evenly over 0 to 1 and is the same whenever tenant, request and trial are: SHA-256 of the three, so that no caller's choice of names
    /// reaches one side more often, and each trial parts requests anew.
    /// </summary>
    public static double PlaceOf(string tenant, string requestId, string trial) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{trial}\n{requestId}"))) / Math.Pow(2, 64);
}
