using System.ComponentModel;
using System.Diagnostics;
using System.Net;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Has the desktop open a page.</summary>
internal static class PageOpener
{
    /// <summary>Where this machine has no desktop, nothing happens: the address has been printed.</summary>
    /// <param name="address">As listened on.</param>
    public static void Open(Uri address, ILogger logger)
    {
        // What is listened on at any address is reached at loopback's.
        var host = IPAddress.TryParse(address.DnsSafeHost, out var listened) && (listened.Equals(IPAddress.Any) || listened.Equals(IPAddress.IPv6Any)) ? "127.0.0.1" : address.Host;
        var page = new UriBuilder(address) { Host = host }.Uri;
        try
        {
            using var opener = Process.Start(new ProcessStartInfo("xdg-open", [page.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            ServiceLog.NoBrowser(logger, page);
        }
    }
}
