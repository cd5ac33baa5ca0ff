using System.Security;
using System.Text;
using EdgeGw.Control.Compiling.Sources;

namespace EdgeGw.Control.Compiling.Kits;

/// <summary>The project that is published once for a list of packages, to learn from MSBuild how sources that use them are compiled. Nothing of it comes from an author but ids and versions,
/// which <see cref="SourceRules"/> has checked.</summary>
internal static class KitProject
{
    internal const string ProjectFile = "handler.csproj";
    internal const string ProbeFile = "Probe.cs";
    internal const string CompilerFile = "compiler.txt";
    internal const string LinkerFile = "linker.txt";
    internal const string ToolsFile = "tools.txt";

    /// <summary>What the native compiler is told, for a platform.</summary>
    internal static string NativeResponse(string runtime) => $"obj/Release/net10.0/{runtime}/native/{AssemblyName}.ilc.rsp";

    // An assembly's name is in the names of its methods, which a report of a stuck handler shows.
    internal const string AssemblyName = "handler";

    /// <summary>A handler, so that every tool runs and says at once when the machine lacks something.</summary>
    internal const string Probe = """
        using EdgeGw;

        public static class Probe
        {
            [Handler("GET", "/probe")]
            public static Response Get() => Response.Text("probe");
        }
        """;

    /// <summary>The project's text.</summary>
    internal static string Write(Toolchain tools, IReadOnlyList<InputPackage> packages, string packageFolder)
    {
        var text = new StringBuilder();
        text.Append($"""
            <Project>
              <Import Project="{Escape(tools.Packages.Sdk)}/Handler.props" />
              <PropertyGroup>
                <AssemblyName>{AssemblyName}</AssemblyName>
                <RootNamespace>Endpoint</RootNamespace>
                <EdgeGwMethod>GET</EdgeGwMethod>
                <EdgeGwPath>/</EdgeGwPath>
                <RestorePackagesPath>{Escape(packageFolder)}</RestorePackagesPath>
                <RestoreFallbackFolders>{Escape(tools.Fallback ?? "clear")}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
                <RunAnalyzers>false</RunAnalyzers>
                <EnforceCodeStyleInBuild>false</EnforceCodeStyleInBuild>
                <GenerateDocumentationFile>false</GenerateDocumentationFile>
                <NativeDebugSymbols>false</NativeDebugSymbols>
                <StripSymbols>false</StripSymbols>
                <ProvideCommandLineArgs>true</ProvideCommandLineArgs>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
                <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
                <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
              </PropertyGroup>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <Import Project="{Escape(tools.Packages.Sdk)}/Handler.targets" />
              <ItemGroup>
                <Analyzer Include="{Escape(tools.Packages.Generator)}" />

            """);
        foreach (var library in tools.Packages.Libraries)
        {
            text.Append($"    <Reference Include=\"{Escape(library)}\" />\n");
        }
        foreach (var (id, version) in tools.Packages.Needs.Concat(packages.Select(package => (package.Id, package.Version))))
        {
            text.Append($"    <PackageReference Include=\"{Escape(id)}\" Version=\"[{Escape(version)}]\" />\n");
        }
        text.Append($"""
              </ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Target Name="EdgeGwRecipe" AfterTargets="LinkNative">
                <WriteLinesToFile File="{CompilerFile}" Lines="@(CscCommandLineArgs)" Overwrite="true" />
                <WriteLinesToFile File="{LinkerFile}" Lines="@(CustomLinkerArg)" Overwrite="true" />
                <WriteLinesToFile File="{ToolsFile}" Lines="$(RoslynTargetsPath);$(IlcToolsPath);$(CppLinker);$(ObjCopyName);$(RuntimeIdentifier)" Overwrite="true" />
              </Target>
            </Project>

            """);
        return text.ToString();
    }

    private static string Escape(string text) => SecurityElement.Escape(text);
}
