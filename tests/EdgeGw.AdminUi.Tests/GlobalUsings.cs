global using System.Net;
global using System.Text.Json;
global using EdgeGw.Tests.Support;
global using Microsoft.Playwright;
global using NUnit.Framework;
