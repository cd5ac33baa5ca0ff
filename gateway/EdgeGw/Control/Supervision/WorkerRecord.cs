using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Supervision;

/// <summary><c>run/worker.json</c>: the worker in service, for the control that comes after this one.</summary>
internal sealed record WorkerRecord
{
    public int Id { get; init; }
    public int Pid { get; init; }
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>What an earlier control wrote; null when there is nothing, or nothing readable.</summary>
    internal static WorkerRecord? Read(StateDirectory state)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(state.WorkerFile), RunJson.Default.WorkerRecord);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file in one step. It means nothing after a reboot, so it is not forced to the disk.</summary>
    internal void Write(StateDirectory state) => RunFile.Write(state.WorkerFile, JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Default.WorkerRecord));
}

/// <summary>Files of the running system: replaced in one step, mode 0600.</summary>
internal static class RunFile
{
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, Files.CreateOptions(FileMode.Create, FileAccess.Write)))
            {
                file.Write(content);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

/// <summary>How the files below <c>run/</c> are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(WorkerRecord))]
internal sealed partial class RunJson : JsonSerializerContext;
