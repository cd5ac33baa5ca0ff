global using EdgeGw.Tests.Support;
global using NUnit.Framework;
