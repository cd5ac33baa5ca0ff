using System.Collections.Concurrent;
using EdgeGw.Abi;

namespace EdgeGw.Services.Cache;

/// <summary>One key whose value one request is making while others wait for it (single flight). When the leader gives up, or its request ends, the next one that waits leads.</summary>
internal sealed class CacheLead : ServiceOpen
{
    private static readonly ConcurrentDictionary<(ServiceSlot Slot, string Key), CacheLead> s_leads = new();

    private readonly Queue<CacheCall> _waiting = new();
    private readonly (ServiceSlot Slot, string Key) _place;
    private readonly ServiceScope _scope;
    private bool _over;

    private CacheLead(CacheCall leader, (ServiceSlot, string) place)
    {
        _place = place;
        _scope = leader.Scope;
        Binding = leader.Binding;
        Key = leader.Keys[0].ToArray();
    }

    /// <summary>The leader's account with the cache.</summary>
    public ServiceBinding Binding { get; }

    /// <summary>The key.</summary>
    public byte[] Key { get; }

    /// <summary>A call that found nothing: true when it leads (its reply says so), false when it waits for the one that does.</summary>
    public static bool Join(CacheCall call)
    {
        // The key's bytes as characters, one each: any bytes may be a key.
        var place = (call.Binding.Slot, System.Text.Encoding.Latin1.GetString(call.Keys[0].Span));
        while (true)
        {
            if (s_leads.TryGetValue(place, out var lead))
            {
                lock (lead._waiting)
                {
                    if (!lead._over)
                    {
                        lead._waiting.Enqueue(call);
                        return false;
                    }
                }
                continue; // it has ended in this moment
            }
            lead = new CacheLead(call, place);
            if (s_leads.TryAdd(place, lead))
            {
                lead.Start(call);
                return true;
            }
        }
    }

    /// <summary>The value is there: everybody who waits gets it.</summary>
    public void Settle(ReadOnlySpan<byte> value)
    {
        foreach (var call in End())
        {
            call.Reply.Result = AbiResult.Ok;
            call.Reply.Bytes(AbiValueKind.Blob, value);
            call.Answer();
            call.Release();
        }
    }

    /// <summary>There will be no value from this leader: the first one that still waits leads, the others wait for it.</summary>
    public void GiveUp()
    {
        foreach (var call in End())
        {
            if (call.IsAnswered)
            {
                call.Release();
                continue;
            }
            try
            {
                if (!Join(call))
                {
                    continue;
                }
                call.Answer();
            }
            catch (ServiceException e)
            {
                call.Answer(e.Fault);
            }
            call.Release();
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => GiveUp();

    private void Start(CacheCall call)
    {
        call.Reply.Open = Id;
        try
        {
            _scope.Add(this, call.ExchangeId);
        }
        catch (ServiceException)
        {
            GiveUp(); // its request has ended meanwhile
            throw;
        }
    }

    private CacheCall[] End()
    {
        lock (_waiting)
        {
            if (_over)
            {
                return [];
            }
            _over = true;
            s_leads.TryRemove(new KeyValuePair<(ServiceSlot, string), CacheLead>(_place, this));
            _scope.Left(this);
            CacheCall[] calls = [.. _waiting];
            _waiting.Clear();
            return calls;
        }
    }
}
