using Bandits;
using Bandits.Extensions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RoutingApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddBandits(builder.Configuration.GetSection("Bandits"));
builder.Services.AddHealthChecks().AddBandits();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Providers>();
builder.Services.AddSingleton<RoutedTasks>();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Messages.Default));
if (builder.Configuration["Telemetry"] == "console")
{
    builder.Services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddMeter(BanditsTelemetry.MeterName).AddConsoleExporter())
        .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", BanditsTelemetry.ActivitySourceName).AddConsoleExporter());
}

WebApplication app = builder.Build();

// A task is decided for, handed to the provider that was chosen, and answered with a token that stands for the decision.
app.MapPost("/tasks", async (TaskRequest task, RoutedTasks tasks, CancellationToken cancellation) =>
    await tasks.Run(task, cancellation) is { } answer ? Results.Ok(answer) : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));

// How good the answer was is often known later, and elsewhere: whoever knows it hands the token back.
app.MapPost("/outcomes/{token}", (string token, TaskOutcome outcome, RoutedTasks tasks) =>
{
    try
    {
        return Results.Ok(new RecordedOutcome(tasks.Judge(token, outcome)));
    }
    catch (Exception e) when (e is FormatException or ArgumentException) // a token of another store, a grade beyond [0, 1]
    {
        return Results.BadRequest(new Refused(e.Message));
    }
});

app.MapGet("/explain", (string? role, string? area, BanditRouter router) => router.Explain(new Request(router.SegmentOf(role, area))).ToString());
app.MapHealthChecks("/health");
app.Run();
