using Microsoft.Extensions.Options;

namespace Bandits.Rae;

/// <summary>Checks every attribute of <see cref="RaeOptions"/>; the body is generated, without reflection.</summary>
[OptionsValidator]
internal sealed partial class RaeOptionsValidator : IValidateOptions<RaeOptions>;
