using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Blame;
using EdgeGw.Calls;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline;

namespace EdgeGw.Interop;

/// <summary>What the gateway offers to libraries: one <c>edgegw_host</c> each, and the tables behind it.</summary>
internal static unsafe class HostTables
{
    private static readonly AbiLogV1* s_log = CreateLog();
    private static readonly AbiScheduleV1* s_schedule = CreateSchedule();
    private static readonly AbiConfigV1* s_config = CreateConfig();
    private static readonly AbiStatsV1* s_stats = CreateStats();

    private static PipelineContext? Context => ExchangeTable.Context;

    /// <summary>A host for one library, which is known by its ordinal. Lives as long as the process, as libraries do.</summary>
    public static AbiHost* CreateHost(ushort ordinal)
    {
        var host = (AbiHost*)NativeMemory.AllocZeroed((nuint)sizeof(AbiHost));
        host->Size = (uint)sizeof(AbiHost);
        host->AbiMajor = AbiVersion.Major;
        host->AbiMinor = AbiVersion.Minor;
        host->Context = (void*)(nint)ordinal;
        host->GetTable = &GetTable;
        host->SetError = &SetError;
        return host;
    }

    /// <summary>The version that was given this host.</summary>
    internal static HandlerVersion? VersionOf(AbiHost* host) => Context?.Versions.Find((ushort)(nint)host->Context);

    private static AbiLogV1* CreateLog()
    {
        var table = (AbiLogV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiLogV1));
        table->Size = (uint)sizeof(AbiLogV1);
        table->IsEnabled = &LogIsEnabled;
        table->Write = &LogWrite;
        return table;
    }

    private static AbiScheduleV1* CreateSchedule()
    {
        var table = (AbiScheduleV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiScheduleV1));
        table->Size = (uint)sizeof(AbiScheduleV1);
        table->Post = &Post;
        table->PostAfter = &PostAfter;
        return table;
    }

    private static AbiConfigV1* CreateConfig()
    {
        var table = (AbiConfigV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiConfigV1));
        table->Size = (uint)sizeof(AbiConfigV1);
        table->Get = &ConfigGet;
        return table;
    }

    private static AbiStatsV1* CreateStats()
    {
        var table = (AbiStatsV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiStatsV1));
        table->Size = (uint)sizeof(AbiStatsV1);
        table->Provide = &ProvideStats;
        return table;
    }

    [UnmanagedCallersOnly]
    private static void* GetTable(AbiHost* host, AbiText id) => NativeText.Read(id, 64) switch
    {
        AbiExchangeV1.Id => ExchangeTable.Pointer,
        AbiLogV1.Id => s_log,
        AbiScheduleV1.Id => s_schedule,
        AbiConfigV1.Id => s_config,
        AbiStatsV1.Id => s_stats,
        AbiServiceV1.Id => ServiceTable.Pointer,
        AbiCacheV1.Id => CacheTable.Pointer,
        AbiDatabaseV1.Id => DatabaseTable.Pointer,
        AbiStorageV1.Id => StorageTable.Pointer,
        AbiHttpV1.Id => HttpTable.Pointer,
        _ => null,
    };

    [UnmanagedCallersOnly]
    private static void SetError(AbiHost* host, AbiText message) => LoadedLibrary.SetError(NativeText.Read(message, 1024));

    [UnmanagedCallersOnly]
    private static uint LogIsEnabled(AbiHost* host, AbiLogLevel level) => Context?.Log.IsEnabled((Level)level) == true ? 1u : 0u;

    [UnmanagedCallersOnly]
    private static AbiResult LogWrite(AbiHost* host, AbiLogLevel level, ulong exchangeId, AbiText message)
    {
        if (level > AbiLogLevel.Critical || (message.Data is null && message.Length > 0))
        {
            return AbiResult.InvalidArgument;
        }
        if (Context is not { } context || !context.Log.IsEnabled((Level)level))
        {
            return AbiResult.Ok;
        }
        string? requestId = null;
        // The request's id is only read while the exchange is this one: a stale id writes a line without. Entered as the gateway, so that a call of the handler's at the same
        // moment waits instead of being refused.
        if (exchangeId != 0 && context.Exchanges.TryGet(exchangeId, out var exchange) && exchange.TryEnterAsGateway(exchangeId))
        {
            requestId = exchange.RequestId.ToString();
            exchange.Exit(exchangeId);
        }
        var source = VersionOf(host)?.Config.Name ?? "handler";
        return context.Log.Write((Level)level, source, NativeText.Read(message, 16 * 1024), requestId) ? AbiResult.Ok : AbiResult.Busy;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Post(AbiHost* host, delegate* unmanaged<void*, void> work, void* state) =>
        work is null ? AbiResult.InvalidArgument : Context?.Scheduler.Post((ushort)(nint)host->Context, new WorkCallback(work, state, CallPhase.Work, (ushort)(nint)host->Context)) ?? AbiResult.InvalidState;

    [UnmanagedCallersOnly]
    private static AbiResult PostAfter(AbiHost* host, uint milliseconds, delegate* unmanaged<void*, void> work, void* state) =>
        work is null ? AbiResult.InvalidArgument : Context?.Scheduler.PostAfter((ushort)(nint)host->Context, milliseconds, new WorkCallback(work, state, CallPhase.Work, (ushort)(nint)host->Context)) ?? AbiResult.InvalidState;

    [UnmanagedCallersOnly]
    private static AbiResult ProvideStats(AbiHost* host, delegate* unmanaged<void*, AbiStats*, void> read, void* state)
    {
        if (read is null)
        {
            return AbiResult.InvalidArgument;
        }
        if (VersionOf(host) is not { } version)
        {
            return AbiResult.InvalidState;
        }
        version.Memory = new HandlerMemory(new StatsCallback(read, state, version.Ordinal));
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult ConfigGet(AbiHost* host, AbiText key, AbiText* value)
    {
        if (value is null || (key.Data is null && key.Length > 0))
        {
            return AbiResult.InvalidArgument;
        }
        *value = default;
        return VersionOf(host)?.ConfigTexts.TryGet(NativeText.Read(key, 1024), out *value) == true ? AbiResult.Ok : AbiResult.End;
    }
}
