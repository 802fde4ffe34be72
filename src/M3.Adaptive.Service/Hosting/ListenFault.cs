using System.Net;
using System.Net.Sockets;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Why an address cannot be listened on, and what helps.</summary>
internal static class ListenFault
{
    /// <summary>Finds out before anything large is loaded.</summary>
    /// <param name="address">What sets the address, for the remedy.</param>
    /// <param name="port">What sets the port.</param>
    /// <exception cref="CommandException">It cannot be listened on.</exception>
    public static void ThrowIfAny(IPEndPoint endpoint, string address = "--listen", string port = "--port")
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
        }
        catch (SocketException fault)
        {
            throw Explain(endpoint, fault, address, port);
        }
    }

    /// <returns>Null when no socket is at fault.</returns>
    public static CommandException? Explain(IPEndPoint endpoint, Exception? exception) => exception switch
    {
        null => null,
        SocketException fault => Explain(endpoint, fault, "--listen", "--port"),
        _ => Explain(endpoint, exception.InnerException),
    };

    private static CommandException Explain(IPEndPoint endpoint, SocketException fault, string address, string port)
    {
        var (why, remedy) = fault.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => ("another program listens there", $"choose another port with {port}, or 0 for a free one"),
            SocketError.AccessDenied => ("this user may not use that port", $"choose one above 1023 with {port}"),
            SocketError.AddressNotAvailable =>
                ("this machine has no such address", $"choose one of its own with {address}, such as 127.0.0.1, or 0.0.0.0 for all"),
            SocketError.AddressFamilyNotSupported => ("this machine lacks that protocol", $"choose another address with {address}, such as 127.0.0.1"),
            _ => (fault.Message, $"choose another address or port with {address} and {port}"),
        };
        return new CommandException($"cannot listen on {endpoint}: {why}; {remedy}", ExitCode.WrongUse, fault);
    }
}
