// The least that answers over HTTP on this platform: what Tender's start is measured against.
var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => "here");
await app.RunAsync();
