using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tender.Simulators.Hosting;

/// <summary>Ends the program with whoever started it, so that a killed server or test run leaves no simulator behind.</summary>
internal static class ExitTogether
{
    public static void Watch(WebApplication app)
    {
        if (app.Configuration["exit-with-parent"] is { } id)
        {
            // Ctrl-C in a terminal reaches both; the server still has calls to finish, and ends us after.
            app.Lifetime.ApplicationStopped.Register(PosixSignalRegistration.Create(PosixSignal.SIGINT, interrupt => interrupt.Cancel = true).Dispose);
            _ = Task.Run(() => StopAfterAsync(app, ParentEndsAsync(int.Parse(id, CultureInfo.InvariantCulture))));
        }

        if (app.Configuration["exit-with-stdin"] is "true")
            _ = Task.Run(() => StopAfterAsync(app, InputEndsAsync()));
    }

    private static async Task StopAfterAsync(WebApplication app, Task end)
    {
        await end;
        app.Lifetime.StopApplication();
    }

    private static async Task ParentEndsAsync(int id)
    {
        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // Gone already.
        }
    }

    private static async Task InputEndsAsync()
    {
        var buffer = new char[256];
        while (await Console.In.ReadAsync(buffer) > 0)
        {
        }
    }
}
