global using System.Buffers;
global using System.IO.Pipelines;
global using System.Net;
global using System.Net.Sockets;
global using System.Text;
global using EdgeGw.Tests.Support;
global using Microsoft.AspNetCore.Connections;
global using NUnit.Framework;
