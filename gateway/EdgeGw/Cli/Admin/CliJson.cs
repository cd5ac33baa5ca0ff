using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Cli.Admin;

/// <summary>Reads and writes the Admin API's JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(ReloadReply))]
[JsonSerializable(typeof(UpgradeReply))]
[JsonSerializable(typeof(ChangeReply))]
[JsonSerializable(typeof(EpochsReply))]
[JsonSerializable(typeof(RoutesReply))]
[JsonSerializable(typeof(LogReply))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(ProblemReply))]
[JsonSerializable(typeof(ServicesReply))]
[JsonSerializable(typeof(ServiceReply))]
[JsonSerializable(typeof(ServiceBody))]
[JsonSerializable(typeof(ServiceTestReply))]
[JsonSerializable(typeof(IReadOnlyList<Migration>))]
[JsonSerializable(typeof(MigratedReply))]
[JsonSerializable(typeof(CanariesReply))]
[JsonSerializable(typeof(CrashesReply))]
[JsonSerializable(typeof(CrashReply))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(UsersReply))]
[JsonSerializable(typeof(UserReply))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(KeysReply))]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(SecretsReply))]
[JsonSerializable(typeof(SecretReply))]
[JsonSerializable(typeof(SecretBody))]
[JsonSerializable(typeof(AuditReply))]
[JsonSerializable(typeof(PlanReply))]
[JsonSerializable(typeof(ExportReply))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(RequestsReply))]
[JsonSerializable(typeof(RequestReply))]
internal sealed partial class CliJson : JsonSerializerContext;
