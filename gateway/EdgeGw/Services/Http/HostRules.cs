using System.Net;
using EdgeGw.Abi;

namespace EdgeGw.Services.Http;

/// <summary>Which servers a service's handlers may reach: names before they are resolved, addresses after. Immutable.</summary>
internal sealed class HostRules
{
    private readonly HostList _allow;
    private readonly HostList _deny;
    private readonly string _service;

    /// <summary>The rules of a service.</summary>
    /// <param name="allow">Names, <c>*.names</c>, addresses or <c>*</c>, with commas between them.</param>
    /// <param name="deny">The same; empty for none.</param>
    /// <param name="service">The service's name, for people.</param>
    public HostRules(string allow, string deny, string service) => (_allow, _deny, _service) = (new HostList(allow), new HostList(deny), service);

    /// <summary>Throws when a URL is none that may be asked, as far as its text tells.</summary>
    public void Check(Uri url)
    {
        if (url.UserInfo.Length > 0)
        {
            throw Refused("The URL has a user or a password in it, which would end up in logs: send an Authorization header instead.");
        }
        if (IPAddress.TryParse(url.IdnHost, out var address))
        {
            if (!_allow.Has(address) || _deny.Has(address))
            {
                throw NotAllowed(url.IdnHost);
            }
            Check(address, url.IdnHost);
            return;
        }
        if (!_allow.Has(url.IdnHost) || _deny.Has(url.IdnHost))
        {
            throw NotAllowed(url.IdnHost);
        }
    }

    /// <summary>Those of a name's addresses that may be connected to; throws when there is none.</summary>
    public IReadOnlyList<IPAddress> Reachable(IPAddress[] addresses, string host)
    {
        var reachable = addresses.Where(address => Reason(address) is null).ToList();
        if (reachable.Count == 0 && addresses.Length > 0)
        {
            Check(addresses[0], host);
        }
        return reachable;
    }

    private void Check(IPAddress address, string host)
    {
        if (Reason(address) is { } reason)
        {
            throw Refused($"{host} has the address {address}, {reason}.");
        }
    }

    private string? Reason(IPAddress address)
    {
        if (_deny.Names(address))
        {
            return $"which the setting 'deny' of {_service} names";
        }
        return ProtectedAddresses.Contains(address) && !_allow.Names(address)
            ? $"which is one of a link-local network or of cloud metadata: such are only connected to when the setting 'allow' of {_service} names the very address"
            : null;
    }

    private ServiceException NotAllowed(string host) => Refused($"Handlers may not call {host}: the settings 'allow' and 'deny' of {_service} say which hosts they may.");

    private static ServiceException Refused(string sentence) => new(AbiResult.Refused, sentence, "not-allowed");
}

/// <summary>Hosts of one setting.</summary>
internal sealed class HostList
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly List<string> _suffixes = [];
    private readonly bool _all;

    /// <summary>Reads the setting.</summary>
    public HostList(string setting)
    {
        foreach (var host in setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (host == "*")
            {
                _all = true;
            }
            else if (host.StartsWith("*.", StringComparison.Ordinal))
            {
                _suffixes.Add(host[1..]);
            }
            else if (IPAddress.TryParse(host, out var address))
            {
                _addresses.Add(ProtectedAddresses.Plain(address));
            }
            else
            {
                _names.Add(host.TrimEnd('.'));
            }
        }
    }

    /// <summary>Whether a name is in it; <c>*.example.com</c> stands for every name below, not for <c>example.com</c>.</summary>
    public bool Has(string host)
    {
        var name = host.TrimEnd('.');
        return _all || _names.Contains(name) || _suffixes.Exists(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an address is in it.</summary>
    public bool Has(IPAddress address) => _all || Names(address);

    /// <summary>Whether the very address is in it.</summary>
    public bool Names(IPAddress address) => _addresses.Contains(ProtectedAddresses.Plain(address));
}
