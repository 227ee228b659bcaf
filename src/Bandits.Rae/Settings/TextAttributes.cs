using System.ComponentModel.DataAnnotations;

namespace Bandits.Rae;

/// <summary>One of a few words.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        Array.IndexOf(words, value as string) >= 0 ? ValidationResult.Success : new ValidationResult($"{context.MemberName} is '{value}'; the allowed values are {string.Join(", ", words)}.");
}

/// <summary>A UUID, <c>default-tenant</c>, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TenantIdAttribute : ValidationAttribute
{
    public const string Default = "default-tenant";

    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        value is null or "" or Default || Guid.TryParseExact(value as string, "D", out _)
            ? ValidationResult.Success : new ValidationResult($"{context.MemberName} is '{value}'; a UUID or {Default} is expected.");
}

/// <summary>A project of its own.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ProjectNameAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        value is string { Length: >= 1 and <= 255 } name && name != "default"
            ? ValidationResult.Success : new ValidationResult($"{context.MemberName} is '{value}'; 1 to 255 characters are expected, and not 'default', which others share.");
}

/// <summary>What can stand in a header. The message never holds the value: it is a secret.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HeaderTextAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context)
    {
        foreach (char c in value as string ?? "")
            if (c is < '!' or > '~') return new ValidationResult($"{context.MemberName} holds a character that no header can carry (it is not shown here); printable ASCII without spaces is expected.");
        return ValidationResult.Success;
    }
}

/// <summary>An address that a key may be sent to.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SafeEndpointAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context)
    {
        string? text = value as string;
        if (string.IsNullOrEmpty(text)) return new ValidationResult($"{context.MemberName} is not set; an address such as https://host:8000 is expected.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            return new ValidationResult($"{context.MemberName} is no absolute http or https address.");
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            return new ValidationResult($"{context.MemberName} holds a user, a query or a fragment (not shown here); scheme, host, port and path are expected.");
        bool isSafe = address.Scheme == "https" || address.IsLoopback || (context.ObjectInstance as RaeOptions)?.AllowHttp == true;
        return isSafe ? ValidationResult.Success : new ValidationResult($"{context.MemberName} is '{text}'; https is expected for a host that is not this machine, unless {nameof(RaeOptions.AllowHttp)} is set.");
    }
}
