using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace AutoVec.Data;

/// <summary>
/// A public Google Cloud Storage bucket, read without credentials over its JSON API. <c>STORAGE_EMULATOR_HOST</c> (host:port or
/// URL) points it elsewhere. Requests that fail with 408, 429, 5xx, a socket error or a stall are repeated; a read goes on
/// from the byte it reached, pinned to one generation of the object.
/// </summary>
public sealed class GcsStore : IObjectStore, IDisposable
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(20);
    private readonly HttpClient _http;
    private readonly string _host;
    private readonly string _bucket;
    private readonly ResiliencePipeline _retry;

    /// <param name="bucket">The bucket's name, without <c>gs://</c>.</param>
    /// <param name="host">The API's address; by default the emulator's, if set, else Google's.</param>
    /// <param name="attempts">How often a request is made before it counts as failed.</param>
    public GcsStore(string bucket, string? host = null, int attempts = 4)
    {
        _bucket = bucket;
        _host = Address(host ?? Environment.GetEnvironmentVariable("STORAGE_EMULATOR_HOST"));
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 64,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.None,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        _retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Math.Max(1, attempts - 1),
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome.Exception)),
        }).Build();
    }

    /// <inheritdoc/>
    public string Name => $"gs://{_bucket}";

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? page = null;
        do
        {
            string url = $"{_host}/storage/v1/b/{Uri.EscapeDataString(_bucket)}/o?prefix={Uri.EscapeDataString(prefix)}"
                + "&fields=items(name,size,generation,md5Hash),nextPageToken" + (page is null ? "" : $"&pageToken={Uri.EscapeDataString(page)}");
            using var answer = JsonDocument.Parse(await GetAsync(url, cancellation) ?? throw new IOException($"{Name} does not exist"));
            if (answer.RootElement.TryGetProperty("items", out var items))
                foreach (var item in items.EnumerateArray()) yield return Describe(item);
            page = answer.RootElement.TryGetProperty("nextPageToken", out var token) ? token.GetString() : null;
        }
        while (page is not null);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellation = default)
    {
        string url = $"{_host}/storage/v1/b/{Uri.EscapeDataString(_bucket)}/o/{Uri.EscapeDataString(name)}";
        if (await GetAsync(url, cancellation) is not { } body) return null;
        using var answer = JsonDocument.Parse(body);
        return Describe(answer.RootElement);
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(ObjectInfo item, CancellationToken cancellation = default)
    {
        var content = new byte[item.Size];
        int done = 0;
        string url = $"{_host}/download/storage/v1/b/{Uri.EscapeDataString(_bucket)}/o/{Uri.EscapeDataString(item.Name)}?alt=media"
            + (item.Generation is { } generation ? $"&generation={generation}" : "");
        await Try($"{Name}/{item.Name}", async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (done > 0) request.Headers.Range = new RangeHeaderValue(done, item.Size - 1);
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(token);
            stall.CancelAfter(Stall);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            response.EnsureSuccessStatusCode();
            if (done > 0 && response.StatusCode != HttpStatusCode.PartialContent) done = 0;
            await using var stream = await response.Content.ReadAsStreamAsync(stall.Token);
            while (done < content.Length)
            {
                stall.CancelAfter(Stall);
                int n = await stream.ReadAsync(content.AsMemory(done), stall.Token);
                if (n == 0) throw new HttpIOException(HttpRequestError.ResponseEnded, $"the answer ended after {done} of {item.Size} bytes");
                done += n;
            }
        }, cancellation);
        return content;
    }

    private async Task<string?> GetAsync(string url, CancellationToken cancellation)
    {
        string? body = null;
        await Try(url, async token =>
        {
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(token);
            stall.CancelAfter(Stall);
            using var response = await _http.GetAsync(url, stall.Token);
            if (response.StatusCode == HttpStatusCode.NotFound) return;
            response.EnsureSuccessStatusCode();
            body = await response.Content.ReadAsStringAsync(stall.Token);
        }, cancellation);
        return body;
    }

    private async Task Try(string what, Func<CancellationToken, Task> action, CancellationToken cancellation)
    {
        try
        {
            await _retry.ExecuteAsync(async token => await action(token), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or OperationCanceledException or IOException)
        {
            throw new IOException($"cannot read {what}: {(e is OperationCanceledException ? $"no answer for {Stall.TotalSeconds:0} s" : e.Message)}", e);
        }
    }

    private static bool IsTransient(Exception? e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => false,
        HttpRequestException or IOException or OperationCanceledException => true,
        _ => false,
    };

    private static ObjectInfo Describe(JsonElement item) => new(
        item.GetProperty("name").GetString()!,
        long.Parse(item.GetProperty("size").ToString(), System.Globalization.CultureInfo.InvariantCulture),
        item.TryGetProperty("generation", out var generation) ? generation.ToString() : null,
        item.TryGetProperty("md5Hash", out var md5) ? Convert.ToHexStringLower(Convert.FromBase64String(md5.GetString()!)) : null);

    private static string Address(string? host) =>
        string.IsNullOrWhiteSpace(host) ? "https://storage.googleapis.com"
        : (host.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? host : $"http://{host}").TrimEnd('/');
}
