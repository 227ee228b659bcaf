using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Bandits.Rae;

/// <summary>The range of an option, ends included; the message says the option, its value and the range.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithinAttribute : ValidationAttribute
{
    private readonly string _range;
    private readonly Func<object?, bool> _isWithin;

    public WithinAttribute(long least, long most) => (_range, _isWithin) = (string.Create(CultureInfo.InvariantCulture, $"[{least}, {most}]"), value => Convert.ToInt64(value, CultureInfo.InvariantCulture) is var n && n >= least && n <= most);

    public WithinAttribute(double least, double most) => (_range, _isWithin) = (string.Create(CultureInfo.InvariantCulture, $"[{least}, {most}]"), value => value is double n && n >= least && n <= most);

    public WithinAttribute(string least, string most)
    {
        (TimeSpan from, TimeSpan to) = (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture));
        (_range, _isWithin) = ($"[{from}, {to}]", value => value is TimeSpan time && time >= from && time <= to);
    }

    protected override ValidationResult? IsValid(object? value, ValidationContext context) =>
        _isWithin(value) ? ValidationResult.Success : new ValidationResult(string.Create(CultureInfo.InvariantCulture, $"{context.MemberName} is {value}; the allowed range is {_range}."));
}
