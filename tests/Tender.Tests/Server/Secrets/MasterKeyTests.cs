using Tender.Server.Hosting;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

public sealed class MasterKeyTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Only_32_bytes_of_base64_are_a_key(string? text) => MasterKey.TryParse(text).ShouldBeNull();

    [Fact]
    public void A_key_never_prints() => $"{TestSecrets.NewMasterKey()}".ShouldBe("(secret)");

    [Fact]
    public async Task A_database_knows_its_master_key_without_telling_it()
    {
        var owner = await TestDatabases.NewOwnerAsync();
        var key = TestSecrets.NewMasterKey();

        (await new CheckMasterKey(owner, key).RunAsync(default)).ShouldBeOfType<CheckMasterKey.Outcome.Same>();
        (await new CheckMasterKey(owner, key).RunAsync(default)).ShouldBeOfType<CheckMasterKey.Outcome.Same>();
        (await new CheckMasterKey(owner, TestSecrets.NewMasterKey()).RunAsync(default)).ShouldBeOfType<CheckMasterKey.Outcome.Another>();
    }

    [Fact]
    public void The_first_start_makes_a_file_for_its_own_user_and_asks_to_keep_a_copy()
    {
        var log = new TestLog();
        var first = Load(setting: null, log);
        var second = Load(setting: null, new TestLog());

        log.Lines.ShouldHaveSingleItem().ShouldContain("KEEP A COPY");
        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        log.Lines.ShouldNotContain(line => line.Contains(File.ReadAllText(KeyFile).Trim(), StringComparison.Ordinal));
        second.Derive("x").ShouldBe(first.Derive("x"));
    }

    [Fact]
    public async Task Ten_first_starts_at_once_agree_on_one_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Load(setting: null, new TestLog()))));

        keys.Select(key => Convert.ToHexString(key.Derive("x"))).Distinct().Count().ShouldBe(1);
        folder.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public void The_setting_comes_before_the_file_and_writes_none()
    {
        var text = MasterKey.NewText();

        var key = Load(text, new TestLog());

        key.Derive("x").ShouldBe(MasterKey.TryParse(text)!.Derive("x"));
        File.Exists(KeyFile).ShouldBeFalse();
    }

    [Fact]
    public void A_setting_that_is_no_key_stops_the_start_without_repeating_it()
    {
        var refused = Should.Throw<CannotStartException>(() => Load("hunter2", new TestLog()));

        refused.Message.ShouldStartWith("TENDER_MASTER_KEY is not a master key");
        refused.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void A_file_that_others_may_read_or_that_holds_no_key_stops_the_start()
    {
        Load(setting: null, new TestLog());
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Should.Throw<CannotStartException>(() => Load(setting: null, new TestLog())).Message.ShouldContain("chmod 600");

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(KeyFile, "");
        Should.Throw<CannotStartException>(() => Load(setting: null, new TestLog())).Message.ShouldContain("holds no master key");
    }

    private string KeyFile => Path.Combine(folder.FullName, LoadMasterKey.FileName);

    private MasterKey Load(string? setting, TestLog log) => LoadMasterKey.Run(setting is null ? null : new(setting), folder.FullName, log);
}
