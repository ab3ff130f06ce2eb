using System.Text;
using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The keys of cookies and form tokens: in the owner's database, so that every node reads every node's, wrapped by the master key.</summary>
internal sealed class KeepKeyRing(OwnerDb owner, MasterKey master, TimeProvider time) : IXmlRepository, IXmlEncryptor, IConfigureOptions<KeyManagementOptions>
{
    internal const string Purpose = "data protection keys";

    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = this;
    }

    // The framework's interface is synchronous; it is asked at the start, and then once a day.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = owner.Source.OpenConnection();
        return [.. connection.Query<string>("select xml from data_protection_keys order by created_at").Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = owner.Source.OpenConnection();
        connection.Execute("insert into data_protection_keys (name, xml, created_at) values (@Name, @Xml, @Now) on conflict do nothing",
            new { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), Now = time.GetUtcNow().UtcDateTime });
    }

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("wrapped", Convert.ToBase64String(master.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Purpose))),
        typeof(OpenKeyRing));
}

/// <summary>Opens what <see cref="KeepKeyRing"/> wrapped; the framework makes it by the name stored beside the key.</summary>
internal sealed class OpenKeyRing(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<MasterKey>().Unwrap(Convert.FromBase64String(encryptedElement.Value), KeepKeyRing.Purpose)));
}
