global using EdgeGw.Abi;
global using EdgeGw.Tests.ServiceLab;
global using EdgeGw.Tests.Support;
global using NUnit.Framework;
