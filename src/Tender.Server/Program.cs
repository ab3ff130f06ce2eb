using System.CommandLine;
using Tender.Server.Commands;

// The verbs, one class each in Commands/. Without one, it serves. What the server consists of is in TenderApp.cs.
var tender = new RootCommand("Tender: one payments platform for software that serves many tenants.")
{
    Serve.Verb(),
    Run.Verb(),
    Tour.Verb(),
    Migrate.Verb(),
    Tenants.Verb(),
    Keys.Verb(),
    People.Verb(),
    Audit.Verb(),
    Doctor.Verb(),
    ShowSettings.Verb(),
    ShowApi.Verb(),
};
return await CommandLine.RunAsync(tender, args, otherwise: Serve.RunAsync);
