// ISO 4217 minor units that are not 2 (list one, 2026-01-01), and Bitcoin in satoshi.
const exponents: Record<string, number> = { BTC: 8, CLF: 4, UYW: 4 };
for (const code of 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')) exponents[code] = 0;
for (const code of 'BHD IQD JOD KWD LYD OMR TND'.split(' ')) exponents[code] = 3;

/** 4900, 'usd' becomes `49.00 USD`; bitcoin is told in satoshi: `2 100 sat`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const code = currency.toUpperCase();
  if (code === 'BTC') return `${group(String(amountMinor))} sat`;
  const exponent = exponents[code] ?? 2;
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const part = exponent > 0 ? `.${digits.slice(-exponent)}` : '';
  return `${amountMinor < 0 ? '−' : ''}${group(whole)}${part} ${code}`;
}

// A narrow space groups thousands: no country reads it as a decimal mark.
function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
