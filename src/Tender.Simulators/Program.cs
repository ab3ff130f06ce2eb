var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "simulators");
await app.RunAsync();
