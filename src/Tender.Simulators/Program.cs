using Tender.Simulators;
using Tender.Simulators.Hosting;

var app = SimulatorHost.Build(args);
ExitTogether.Watch(app);
await app.RunAsync();
