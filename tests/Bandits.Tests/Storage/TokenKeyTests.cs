using Bandits.Storage;

namespace Bandits.Tests.Storage;

public sealed class TokenKeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bandits-key-").FullName;

    private string KeyFile => Path.Combine(_directory, TokenKey.FileName);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_store_keeps_its_key()
    {
        byte[] key = TokenKey.LoadOrCreate(_directory);
        Assert.Equal(32, key.Length);
        Assert.Equal(key, TokenKey.LoadOrCreate(_directory));
        Assert.Equal(key, File.ReadAllBytes(KeyFile));
        Assert.Single(Directory.GetFiles(_directory));
        Assert.Empty(new RouterOptions { TokenKey = key }.Validate());
    }

    [Fact]
    public void Every_store_has_its_own_key_and_a_lost_one_is_replaced_by_another()
    {
        string other = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;
        byte[] key = TokenKey.LoadOrCreate(_directory);
        Assert.NotEqual(key, TokenKey.LoadOrCreate(other));
        File.Delete(KeyFile);
        Assert.NotEqual(key, TokenKey.LoadOrCreate(_directory));
    }

    [Fact]
    public void Only_the_owner_may_read_the_key()
    {
        if (OperatingSystem.IsWindows()) return; // there the directory's rights hold
        string aside = KeyFile + ".new";
        File.WriteAllText(aside, "left by a crash, for all to read");
        File.SetUnixFileMode(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        TokenKey.LoadOrCreate(_directory);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.False(File.Exists(aside));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(100_000)]
    public void A_file_of_the_wrong_length_is_an_error_that_names_it(int length)
    {
        File.WriteAllBytes(KeyFile, new byte[length]);
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TokenKey.LoadOrCreate(_directory));
        Assert.Contains(KeyFile, e.Message, StringComparison.Ordinal);
        Assert.Contains($"{length} bytes", e.Message, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(KeyFile).Length);
    }

    [Fact]
    public void Without_the_directory_there_is_no_key() =>
        Assert.Throws<DirectoryNotFoundException>(() => TokenKey.LoadOrCreate(Path.Combine(_directory, "nowhere")));
}
