namespace EdgeGw.Configuration;

/// <summary><c>AdminUi:*</c>.</summary>
internal sealed class AdminUiSettings
{
    /// <summary>See <see cref="SettingTable"/>.</summary>
    public int TryTimeoutMs { get; set; } = 35_000;
    /// <summary>See <see cref="SettingTable"/>.</summary>
    public int TryMaxBodyBytes { get; set; } = 1_048_576;
    /// <summary>See <see cref="SettingTable"/>.</summary>
    public int TryConcurrency { get; set; } = 8;
}
