using System.Buffers.Binary;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EdgeGw.Control.Identity;

/// <summary>Passwords as the framework keeps them: PBKDF2 with HMAC-SHA-512 and a salt each. That is made to be slow, so only a few are computed at once, on threads of their own, and few may wait.</summary>
internal sealed class Passwords(IdentitySettings settings) : IDisposable
{
    /// <summary>The most characters of a password.</summary>
    internal const int MaxLength = 256;

    private const int MaxWaiting = 16;

    private readonly SemaphoreSlim _turn = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lazy<PasswordHasher<string>> _hasher = new(() => new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = settings.PasswordIterations })));
    private int _waiting;

    /// <summary>Hashes a new password. Throws <see cref="ChangeRefusedException"/> when it is none (422) or too many wait (429).</summary>
    internal Task<string> HashAsync(string user, string? password, CancellationToken cancellation)
    {
        if (Fault(user, password) is { } fault)
        {
            throw new ChangeRefusedException(422, fault);
        }
        return InTurnAsync(() => _hasher.Value.HashPassword(user, password!), cancellation);
    }

    /// <summary>Runs what compares passwords when its turn comes, so that it sees what the one before it has written. Throws <see cref="ChangeRefusedException"/> (429) when too many wait.</summary>
    internal async Task<T> InTurnAsync<T>(Func<T> compare, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                throw new ChangeRefusedException(429, "Too many are logging in at this moment; try again in a few seconds.");
            }
            await _turn.WaitAsync(cancellation);
            try
            {
                // Not on the pool's threads, which everybody else's answers come from.
                return await Task.Factory.StartNew(compare, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Compares, on this thread, in as much time for a user that there is not (null) as for another. <paramref name="better"/> is the hash to keep from now on, when the bound has been raised.</summary>
    internal bool Matches(string user, string? hash, string password, out string? better)
    {
        var known = hash is not null && password.Length <= MaxLength;
        var result = _hasher.Value.VerifyHashedPassword(user, known ? hash! : Nobodys(), known ? password : "");
        better = known && result == PasswordVerificationResult.SuccessRehashNeeded ? _hasher.Value.HashPassword(user, password) : null;
        return known && result != PasswordVerificationResult.Failed;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private string? Fault(string user, string? password) =>
        password is null || password.Length < settings.PasswordLength ? $"A password has at least {settings.PasswordLength} characters."
        : password.Length > MaxLength ? $"A password has at most {MaxLength} characters."
        : password.Equals(user, StringComparison.OrdinalIgnoreCase) ? "The password must not be the user's name."
        : null;

    // The framework's third format: marker, function, iterations, length of the salt, salt, key. No password has this key.
    private string Nobodys()
    {
        var bytes = new byte[13 + 16 + 32];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 2); // HMAC-SHA-512
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), (uint)settings.PasswordIterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        return Convert.ToBase64String(bytes);
    }
}
