using System.Collections.Frozen;

namespace Tender.Domain.Amounts;

/// <summary>A currency by its lower-case code: ISO 4217, and BTC counted in satoshi.</summary>
public readonly record struct Currency
{
    // ISO 4217 list one, exponents 0, 3 and 4; every other code listed has exponent 2.
    private const string NoMinorUnit = "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf";
    private const string Thousandths = "bhd iqd jod kwd lyd omr tnd";
    private const string TenThousandths = "clf uyw";
    private const string Hundredths =
        "aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny cop crc cup cve czk " +
        "dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd hkd hnl htg huf idr ils inr irr jmd kes kgs khr kpw kyd kzt " +
        "lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar " +
        "ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt top try ttd twd tzs uah usd uyu uzs ves " +
        "wst xcd yer zar zmw zwg";

    private static readonly FrozenDictionary<string, int> Exponents = new[]
    {
        (NoMinorUnit, 0), (Hundredths, 2), (Thousandths, 3), (TenThousandths, 4), ("btc", 8),
    }.SelectMany(group => group.Item1.Split(' ').Select(code => KeyValuePair.Create(code, group.Item2))).ToFrozenDictionary();

    private Currency(string code, int exponent) => (Code, Exponent) = (code, exponent);

    /// <summary>Lower-case code, as on our own wire.</summary>
    public string Code { get; }

    /// <summary>How many decimals one major unit has.</summary>
    public int Exponent { get; }

    /// <summary>Every code that is known.</summary>
    public static IEnumerable<string> AllCodes => Exponents.Keys;

    /// <summary>Reads a code in any case; false when it is not a known currency.</summary>
    public static bool TryParse(string? code, out Currency currency)
    {
        var lower = code?.ToLowerInvariant() ?? "";
        var known = Exponents.TryGetValue(lower, out var exponent);
        currency = known ? new(lower, exponent) : default;
        return known;
    }

    /// <summary>Reads a code that has been checked before.</summary>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new BrokenRuleException($"'{code}' is no known currency");

    public override string ToString() => Code;
}
