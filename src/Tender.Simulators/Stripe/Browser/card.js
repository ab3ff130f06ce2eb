// Card fields as people type them: groups of digits, a slash in the date, and plain words for what is missing.

export const digits = (text) => text.replace(/\D/g, '');

export function brandOf(number) {
  if (/^3[47]/.test(number)) return 'Amex';
  if (/^4/.test(number)) return 'Visa';
  if (/^(5[1-5]|2[2-7])/.test(number)) return 'Mastercard';
  if (/^(6011|65)/.test(number)) return 'Discover';
  if (/^35/.test(number)) return 'JCB';
  if (/^62/.test(number)) return 'UnionPay';
  return '';
}

const lengthOf = (brand) => (brand === 'Amex' ? 15 : 16);

export function groupNumber(text) {
  const number = digits(text).slice(0, 19);
  return brandOf(number) === 'Amex'
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10, 15)].filter(Boolean).join(' ')
    : (number.match(/.{1,4}/g) ?? []).join(' ');
}

export function slashDate(text, isErasing) {
  let number = digits(text).slice(0, 4);
  if (/^[2-9]/.test(number)) number = `0${number}`.slice(0, 4);
  if (number.length < 2 || (number.length === 2 && isErasing)) return number;
  return `${number.slice(0, 2)} / ${number.slice(2)}`;
}

export function passesLuhn(number) {
  let sum = 0;
  [...number].reverse().forEach((digit, place) => {
    const value = place % 2 ? digit * 2 : Number(digit);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/** What is wrong with a field, in Stripe's codes and words, or null; `short` fits under a narrow field. */
export function problemOf(field, text, number = '') {
  const typed = digits(text);
  if (field === 'number') {
    if (typed.length < lengthOf(brandOf(typed))) return { code: 'incomplete_number', message: 'Your card number is incomplete.' };
    return passesLuhn(typed) ? null : { code: 'invalid_number', message: 'Your card number is invalid.' };
  }
  if (field === 'expiry') {
    if (typed.length < 4) return { code: 'incomplete_expiry', message: 'Your card’s expiration date is incomplete.', short: 'The date is incomplete.' };
    const [month, year] = [Number(typed.slice(0, 2)), 2000 + Number(typed.slice(2))];
    if (month < 1 || month > 12) return { code: 'invalid_expiry_month', message: 'Your card’s expiration date is invalid.', short: 'The date is invalid.' };
    const now = new Date();
    const isPast = year < now.getFullYear() || (year === now.getFullYear() && month < now.getMonth() + 1);
    return isPast ? { code: 'invalid_expiry_year_past', message: 'Your card’s expiration year is in the past.', short: 'The date is past.' } : null;
  }
  const wanted = brandOf(digits(number)) === 'Amex' ? 4 : 3;
  return typed.length < wanted ? { code: 'incomplete_cvc', message: 'Your card’s security code is incomplete.', short: 'The code is incomplete.' } : null;
}

/** Makes three inputs behave; `changed` hears of every keystroke. */
export function liven({ number, expiry, cvc }, changed = () => {}) {
  number.value = groupNumber(number.value);
  number.addEventListener('input', () => { number.value = groupNumber(number.value); changed(); });
  expiry.addEventListener('input', (event) => { expiry.value = slashDate(expiry.value, event.inputType?.startsWith('delete')); changed(); });
  cvc.addEventListener('input', () => { cvc.value = digits(cvc.value).slice(0, 4); changed(); });
}
