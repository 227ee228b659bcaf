using System.CommandLine;
using Bandits.Rae;

namespace Bandits.Cli.Verbs;

/// <summary>Which server, and as whom: options, else variables of the environment. The key is never an argument, which others on the machine could read.</summary>
internal static class RaeServerChoices
{
    private const string EndpointVariable = "RAE_ENDPOINT", KeyVariable = "RAE_API_KEY", TenantVariable = "RAE_TENANT", ProjectVariable = "RAE_PROJECT";

    private static readonly Option<string?> Endpoint = Text("--endpoint", "URL", $"Address of the server, https unless it is this machine. Default: the variable {EndpointVariable}.");
    private static readonly Option<string?> Project = Text("--project", "NAME", $"Project of the memories. Default: the variable {ProjectVariable}, else bandits.");
    private static readonly Option<string?> Tenant = Text("--tenant", "UUID", $"Tenant. Default: the variable {TenantVariable}, else default-tenant.");
    private static readonly Option<string?> KeyFile = Text("--key-file", "FILE", $"File that holds the API key. Default: the variable {KeyVariable}.");
    private static readonly Option<bool> AllowHttp = new("--allow-http") { Description = "Allow plain http to another machine: everything travels in the clear, the key too.", Recursive = true };

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Endpoint, Project, Tenant, KeyFile, AllowHttp]) command.Add(option);
    }

    /// <summary>The options as far as they are given; for what needs no server.</summary>
    public static RaeOptions Given(ParseResult parsed)
    {
        var options = new RaeOptions
        {
            Endpoint = Value(parsed, Endpoint, EndpointVariable),
            Tenant = Value(parsed, Tenant, TenantVariable),
            ApiKey = parsed.GetValue(KeyFile) is { } file ? File.ReadAllText(file).Trim() : Environment.GetEnvironmentVariable(KeyVariable),
            AllowHttp = parsed.GetValue(AllowHttp),
        };
        if (Value(parsed, Project, ProjectVariable) is { } project) options.Project = project;
        return options;
    }

    /// <summary>The options, which must be valid.</summary>
    /// <exception cref="UserErrorException">They are not.</exception>
    public static RaeOptions Of(ParseResult parsed)
    {
        RaeOptions options = Given(parsed);
        if (string.IsNullOrEmpty(options.Endpoint)) throw new UserErrorException($"Which server? Give --endpoint URL, or set the variable {EndpointVariable}.");
        return options;
    }

    /// <summary>What fails at the server is one line for the user.</summary>
    public static async Task<TAnswer> TellAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RaeException e)
        {
            throw new UserErrorException(e.Message);
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException("Cancelled; what was not confirmed stays in the outbox.");
        }
    }

    private static string? Value(ParseResult parsed, Option<string?> option, string variable)
    {
        string? value = parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help, Recursive = true };
}
