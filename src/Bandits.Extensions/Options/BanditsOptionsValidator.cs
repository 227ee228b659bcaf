using Microsoft.Extensions.Options;

namespace Bandits.Extensions;

/// <summary>Reports every fault that the options find in themselves; written by the generator of Microsoft.Extensions.Options.</summary>
[OptionsValidator]
internal sealed partial class BanditsOptionsValidator : IValidateOptions<BanditsOptions>;
