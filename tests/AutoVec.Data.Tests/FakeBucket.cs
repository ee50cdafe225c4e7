using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AutoVec.Data.Tests;

/// <summary>Cloud Storage's JSON API for a few objects, on this machine, with faults on demand.</summary>
internal sealed class FakeBucket : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public FakeBucket()
    {
        for (int port = 20000 + Environment.ProcessId % 20000; ; port++)
        {
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                _listener.Start();
                Host = $"127.0.0.1:{port}";
                break;
            }
            catch (HttpListenerException)
            {
                // taken: the next one
            }
        }
        _serving = Task.Run(Serve);
    }

    public string Host { get; }
    public Dictionary<string, byte[]> Objects { get; } = [];
    public int PageSize { get; set; } = 1000;

    /// <summary>The answers to the first requests: a status, or −n to cut the content after n bytes.</summary>
    public Queue<int> Faults { get; } = [];
    public List<string?> Ranges { get; } = [];

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            try { Answer(context); }
            catch (HttpListenerException) { }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        int fault = Faults.Count > 0 ? Faults.Dequeue() : 0;
        if (fault > 0)
        {
            response.StatusCode = fault;
            response.Close();
            return;
        }
        string path = request.Url!.AbsolutePath;
        if (path.EndsWith("/o", StringComparison.Ordinal)) List(request, response);
        else Object(request, response, Uri.UnescapeDataString(path[(path.IndexOf("/o/", StringComparison.Ordinal) + 3)..]), -fault);
    }

    private string Describe(string name) =>
        $$"""{"name":"{{name}}","size":"{{Objects[name].Length}}","generation":"7","md5Hash":"{{Convert.ToBase64String(MD5.HashData(Objects[name]))}}"}""";

    private void List(HttpListenerRequest request, HttpListenerResponse response)
    {
        int from = int.Parse(request.QueryString["pageToken"] ?? "0");
        var names = Objects.Keys.Where(n => n.StartsWith(request.QueryString["prefix"] ?? "", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        string next = from + PageSize < names.Count ? $$""","nextPageToken":"{{from + PageSize}}" """ : "";
        Send(response, Encoding.UTF8.GetBytes($$"""{"items":[{{string.Join(",", names.Skip(from).Take(PageSize).Select(Describe))}}]{{next}}}"""), 0);
    }

    private void Object(HttpListenerRequest request, HttpListenerResponse response, string name, int cut)
    {
        if (!Objects.TryGetValue(name, out byte[]? content))
        {
            response.StatusCode = 404;
            response.Close();
        }
        else if (request.QueryString["alt"] != "media") Send(response, Encoding.UTF8.GetBytes(Describe(name)), 0);
        else
        {
            Ranges.Add(request.Headers["Range"]);
            if (request.Headers["Range"] is { } range)
            {
                content = content[int.Parse(range["bytes=".Length..range.IndexOf('-')])..];
                response.StatusCode = 206;
            }
            Send(response, content, cut);
        }
    }

    private static void Send(HttpListenerResponse response, byte[] body, int cut)
    {
        response.ContentLength64 = body.Length;
        response.OutputStream.Write(body, 0, cut > 0 ? cut : body.Length);
        if (cut > 0) response.Abort();
        else response.Close();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }
}
