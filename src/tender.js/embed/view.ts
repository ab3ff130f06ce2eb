import type { Session } from './session';
import { formatMoney } from './money';
import { dress } from './style';

/** The checkout's elements. Shows what it is told, decides nothing. */
export class View {
  readonly slot = element('div', 'slot');
  private readonly box = element('section', 'checkout');
  private readonly total = element('p', 'total');
  private readonly what = element('p', 'what');
  private readonly form = element('form', 'form');
  private readonly pay = element('button', 'pay');
  private readonly problem = element('p', 'problem');
  private readonly status = element('p', 'status');
  private readonly again = element('button', 'again');
  private label = 'Pay';

  constructor(place: Element, onPay: () => void) {
    dress(place);
    this.box.setAttribute('aria-label', 'Payment');
    this.form.noValidate = true;
    this.pay.type = 'submit';
    this.again.type = 'button';
    this.problem.setAttribute('role', 'alert');
    this.status.setAttribute('role', 'status');
    this.status.setAttribute('aria-live', 'polite');
    this.form.append(this.slot, this.pay);
    this.box.append(this.total, this.what, this.form, this.problem, this.status, this.again);
    this.form.onsubmit = (submitted) => {
      submitted.preventDefault();
      onPay();
    };
    this.only('Loading the payment form…');
    place.replaceChildren(this.box);
  }

  describe(session: Session): void {
    const amount = formatMoney(session.amount, session.currency);
    this.label = `Pay ${amount}`;
    this.total.textContent = amount;
    this.what.textContent = [session.merchant, session.description].filter(Boolean).join(' · ');
    this.total.hidden = false;
    this.what.hidden = this.what.textContent === '';
  }

  /** The provider's form and our button; a problem above it when the last try failed. */
  askToPay(problem = ''): void {
    this.only('');
    this.form.hidden = false;
    this.pay.removeAttribute('aria-disabled');
    this.pay.textContent = this.label;
    this.tell(problem);
  }

  /** Between the click and the answer: the form stays, so that a refused card can be corrected. */
  busy(says: string): void {
    this.tell('');
    // Not `disabled`: that would take the keyboard's place away from the payer.
    this.pay.setAttribute('aria-disabled', 'true');
    this.pay.textContent = says;
    this.status.textContent = says;
  }

  /** A sentence in place of the form; the form itself is kept. */
  only(says: string): void {
    this.form.hidden = true;
    this.again.hidden = true;
    this.tell('');
    this.status.textContent = says;
    this.box.classList.remove('tender-paid');
  }

  stuck(says: string, action?: { label: string; run: () => void }): void {
    this.only('');
    this.tell(says);
    this.offer(action);
  }

  waiting(says: string, action?: { label: string; run: () => void }): void {
    this.only(says);
    this.offer(action);
  }

  paid(): void {
    this.only('Paid. Thank you.');
    this.box.classList.add('tender-paid');
  }

  leadTo(url: string): void {
    this.only('');
    const link = element('a', 'pay');
    link.href = url;
    link.textContent = this.label;
    this.status.replaceChildren(link);
  }

  remove(): void {
    this.box.remove();
  }

  private tell(problem: string): void {
    this.problem.textContent = problem;
    this.problem.hidden = problem === '';
    this.status.textContent = '';
  }

  private offer(action?: { label: string; run: () => void }): void {
    this.again.hidden = !action;
    if (!action) return;
    this.again.textContent = action.label;
    this.again.onclick = action.run;
  }
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = `tender-${name}`;
  return made;
}
