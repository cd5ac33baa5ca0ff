global using EdgeGw.Configuration;
global using EdgeGw.Control.Compiling;
global using EdgeGw.Control.Compiling.Builds;
global using EdgeGw.Control.Compiling.Sources;
global using EdgeGw.Tests.Support;
global using NUnit.Framework;
