import type { Checkout, CheckoutError, CheckoutEvents, CheckoutOptions } from './api';
import { type ComeBack, type Drawer, isEmbedded, type OpenDrawer, ScriptMissing } from './drawer';
import { drawers } from './drawers';
import { confirmSession, NoAnswer, openSession, type Session, type SessionStatus } from './session';
import { View } from './view';

// After these the payer is told that it takes longer: about a minute and a half in all.
const patienceMs = [1000, 2000, 3000, 5000, 8000, 13_000, 20_000, 30_000];

/** One checkout: opens the session, shows the provider's form, confirms once, and asks the server until it knows. */
export class EmbeddedCheckout implements Checkout {
  private readonly handlers: { [K in keyof CheckoutEvents]: ((detail: CheckoutEvents[K]) => void)[] } = { ready: [], paid: [], error: [] };
  private mounted: Mounted | null = null;

  constructor(
    private readonly base: string,
    private readonly options: CheckoutOptions,
  ) {}

  mount(target: string | Element): Checkout {
    const place = typeof target === 'string' ? document.querySelector(target) : target;
    if (!place) throw new TypeError(`Tender: nothing on this page matches ${String(target)}`);
    this.unmount();
    this.mounted = new Mounted(place, this.base, this.options, (event, detail) => this.tell(event, detail));
    void this.mounted.start();
    return this;
  }

  on<K extends keyof CheckoutEvents>(event: K, handler: (detail: CheckoutEvents[K]) => void): Checkout {
    this.handlers[event].push(handler);
    return this;
  }

  unmount(): void {
    this.mounted?.end();
    this.mounted = null;
  }

  private tell<K extends keyof CheckoutEvents>(event: K, detail: CheckoutEvents[K]): void {
    for (const handler of this.handlers[event]) {
      // A merchant's mistake must not stop the payment; the browser's console still shows it.
      setTimeout(() => handler(detail));
    }
  }
}

type Tell = <K extends keyof CheckoutEvents>(event: K, detail: CheckoutEvents[K]) => void;

/** A checkout while it is on the page. */
class Mounted {
  private readonly stop = new AbortController();
  private readonly view: View;
  private session!: Session;
  private open: OpenDrawer | null = null;
  private confirming = false;
  private settled = false;

  constructor(
    place: Element,
    private readonly base: string,
    private readonly options: CheckoutOptions,
    private readonly tell: Tell,
  ) {
    this.view = new View(place, () => void this.pay());
  }

  private get gone(): boolean {
    return this.stop.signal.aborted;
  }

  async start(): Promise<void> {
    this.view.only('Loading the payment form…');
    try {
      this.session = await openSession(this.base, this.options.clientSecret, this.stop.signal);
    } catch (fault) {
      return this.fail(fault, () => void this.start());
    }
    if (this.gone) return;

    this.view.describe(this.session);
    const drawer = drawers[this.session.provider];
    const back = drawer ? takeComeBack(drawer) : null;
    if (this.session.status === 'processing' || (this.session.status === 'open' && back)) {
      return this.askUntilKnown(back?.hint === 'sent');
    }
    await this.show(this.session.status);
  }

  end(): void {
    this.stop.abort();
    this.open?.close();
    this.view.remove();
  }

  /** Leads the page to where this status belongs. */
  private async show(status: SessionStatus, problem?: CheckoutError): Promise<void> {
    if (status === 'paid') return this.paid();
    if (status === 'expired') return this.closed('expired', 'This checkout has expired. Nothing was paid. Please go back to the shop and start again.');
    if (status === 'canceled') return this.closed('canceled', 'This checkout was canceled. Nothing was paid.');
    if (status === 'failed') return this.closed('failed', 'This payment could not be taken. Nothing was paid. Please go back to the shop and start again.');
    if (status === 'processing') return this.askUntilKnown(true);
    await this.showForm(problem);
  }

  private async showForm(problem?: CheckoutError): Promise<void> {
    const drawer = drawers[this.session.provider];
    // What cannot be paid inside this page still has a page of its own.
    if (!drawer || !isEmbedded(this.session)) return this.view.leadTo(this.session.url);

    if (!this.open) {
      this.view.askToPay();
      this.view.busy('Loading the payment form…');
      try {
        const opened = await drawer.open(this.session, this.view.slot);
        if (this.gone) return opened.close();
        this.open = opened;
      } catch (fault) {
        return this.fail(fault, () => void this.showForm(problem));
      }
      this.tell('ready', this.facts());
    }
    this.view.askToPay(problem?.message);
    if (problem) this.tell('error', problem);
  }

  private async pay(): Promise<void> {
    // A second click, or Enter and a click, arrives while the first is under way.
    if (this.confirming || !this.open || this.settled) return;
    this.confirming = true;
    this.view.busy('Paying…');
    try {
      const confirmed = await this.open.confirm(this.options.returnUrl ?? this.session.returnUrl ?? location.href);
      if (this.gone) return;
      if (confirmed.kind === 'sent') return await this.askUntilKnown(true);
      const problem = { code: confirmed.code, message: confirmed.message, retriable: true };
      if (confirmed.kind === 'unclear') return await this.askUntilKnown(false, problem);
      await this.show('open', problem);
    } finally {
      this.confirming = false;
    }
  }

  /**
   * Asks the server, which asks the provider, until it knows.
   * @param believed whether the provider already has the payment: then `open` only means that the server has not heard yet.
   */
  private async askUntilKnown(believed: boolean, problem?: CheckoutError): Promise<void> {
    this.view.waiting('Asking whether the payment arrived…');
    for (const pause of patienceMs) {
      let status: SessionStatus;
      try {
        ({ status } = await confirmSession(this.base, this.options.clientSecret, this.stop.signal));
      } catch (fault) {
        return this.fail(fault, () => void this.askUntilKnown(believed, problem));
      }
      if (this.gone) return;
      if (status === 'open' && !believed) return this.show('open', problem ?? notCompleted);
      if (status !== 'open' && status !== 'processing') return this.show(status);

      this.view.waiting('The payment is on its way. We ask again by ourselves; please keep this page open.');
      await this.rest(pause);
      if (this.gone) return;
    }
    this.view.waiting('The payment is taking longer than usual. You may close this page: the shop is told as soon as it is settled.', {
      label: 'Ask again',
      run: () => void this.askUntilKnown(false, problem),
    });
  }

  private rest(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.stop.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        done();
      });
    });
  }

  private paid(): void {
    if (this.settled) return;
    this.settled = true;
    this.open?.close();
    this.open = null;
    this.view.paid();
    this.tell('paid', this.facts());
  }

  private closed(code: string, message: string): void {
    this.settled = true;
    this.view.stuck(message);
    this.tell('error', { code, message, retriable: false });
  }

  private fail(fault: unknown, again: () => void): void {
    if (this.gone) return;
    const detail: CheckoutError =
      fault instanceof NoAnswer
        ? fault.detail
        : {
            code: fault instanceof ScriptMissing ? 'script' : 'unavailable',
            message: 'The payment form could not be loaded. Nothing is lost: check your connection and try again.',
            retriable: true,
          };
    this.view.stuck(detail.message, detail.retriable ? { label: 'Try again', run: again } : undefined);
    this.tell('error', detail);
  }

  private facts() {
    return { sessionId: this.session.sessionId, amount: this.session.amount, currency: this.session.currency };
  }
}

const notCompleted: CheckoutError = {
  code: 'not_completed',
  message: 'The payment was not completed, and nothing was charged. You can try again.',
  retriable: true,
};

// The provider's marks are a hint and carry a secret: they leave the address bar before anything else can read or share them.
function takeComeBack(drawer: Drawer): ComeBack | null {
  const back = drawer.comeBack(new URL(location.href));
  if (back) history.replaceState(history.state, '', back.cleaned);
  return back;
}
