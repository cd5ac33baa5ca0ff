namespace EdgeGw.Configuration;

/// <summary>Who may use the Admin API.</summary>
internal sealed class IdentitySettings
{
    /// <summary>Names by which it may be called, besides addresses and <c>localhost</c>.</summary>
    public List<string> Hosts { get; set; } = [];
    /// <summary>Characters that a password has at least.</summary>
    public int PasswordLength { get; set; } = 8;
    /// <summary>Rounds of PBKDF2 that a password costs.</summary>
    public int PasswordIterations { get; set; } = 210_000;
    /// <summary>Milliseconds after which a session ends.</summary>
    public long SessionMs { get; set; } = 43_200_000;
    /// <summary>Milliseconds without a request after which a session ends.</summary>
    public long SessionIdleMs { get; set; } = 7_200_000;
    /// <summary>Milliseconds after which a session gets another token.</summary>
    public long SessionRotateMs { get; set; } = 900_000;
    /// <summary>Sessions of one user at once.</summary>
    public int SessionsPerUser { get; set; } = 20;
    /// <summary>Failed logins of one user after which he is locked out.</summary>
    public int LoginFailures { get; set; } = 5;
    /// <summary>Failed logins from one address after which it is locked out.</summary>
    public int LoginFailuresPerAddress { get; set; } = 50;
    /// <summary>Milliseconds of the first lock.</summary>
    public long LockMs { get; set; } = 60_000;
    /// <summary>Milliseconds of the longest lock.</summary>
    public long MaxLockMs { get; set; } = 3_600_000;
    /// <summary>Users.</summary>
    public int MaxUsers { get; set; } = 1_000;
    /// <summary>API keys.</summary>
    public int MaxKeys { get; set; } = 1_000;
    /// <summary>Secrets.</summary>
    public int MaxSecrets { get; set; } = 1_000;
    /// <summary>The file with the key that secrets are encrypted with; null for <c>secrets.key</c> in the state directory.</summary>
    public string? SecretsKey { get; set; }
    /// <summary>Entries of the audit log.</summary>
    public int KeepAudit { get; set; } = 100_000;
}
