import { type Confirmed, type Drawer, type Embedded, type OpenDrawer, loadScript, ScriptMissing } from './drawer';

// The part of Stripe.js that is used here (docs.stripe.com/js, read 2026-11).
interface StripeJs {
  elements(options: { clientSecret: string; appearance: object }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
    redirect: 'if_required';
  }): Promise<{ error?: StripeError }>;
}
interface StripeElements {
  create(kind: 'payment'): StripeElement;
}
interface StripeElement {
  mount(slot: HTMLElement): void;
  on?(event: string, handler: () => void): void;
  destroy?(): void;
}
interface StripeError {
  type?: string;
  code?: string;
  decline_code?: string;
  message?: string;
}
declare global {
  interface Window {
    Stripe?: (publishableKey: string, options?: { stripeAccount: string }) => StripeJs;
  }
}

const marks = ['payment_intent', 'payment_intent_client_secret', 'redirect_status'];

/** Stripe's Payment Element. */
export const stripe: Drawer = {
  async open(session, slot) {
    await loadScript(session.script);
    if (!window.Stripe) throw new ScriptMissing(session.script);

    const api = session.accountId
      ? window.Stripe(session.publishableKey, { stripeAccount: session.accountId })
      : window.Stripe(session.publishableKey);
    const elements = api.elements({ clientSecret: session.clientSecret, appearance: appearanceFor(slot) });
    const element = elements.create('payment');
    await shown(element, slot, session);
    return new StripeDrawer(api, elements, element);
  },

  comeBack(address) {
    if (!address.searchParams.has('payment_intent_client_secret')) return null;
    const cleaned = new URL(address);
    for (const mark of marks) cleaned.searchParams.delete(mark);
    return { cleaned, hint: address.searchParams.get('redirect_status') === 'failed' ? 'refused' : 'sent' };
  },
};

class StripeDrawer implements OpenDrawer {
  constructor(
    private readonly api: StripeJs,
    private readonly elements: StripeElements,
    private readonly element: StripeElement,
  ) {}

  async confirm(returnUrl: string): Promise<Confirmed> {
    let error: StripeError | undefined;
    try {
      ({ error } = await this.api.confirmPayment({
        elements: this.elements,
        confirmParams: { return_url: returnUrl },
        redirect: 'if_required',
      }));
    } catch {
      error = { type: 'api_connection_error' };
    }
    if (!error) return { kind: 'sent' };

    // Only these two types promise that nothing was charged. Any other may come after the charge, or from a second tab that already paid.
    const certain = error.type === 'card_error' || error.type === 'validation_error';
    return {
      kind: certain ? 'refused' : 'unclear',
      code: error.decline_code ?? error.code ?? error.type ?? 'unknown',
      message: error.message ?? 'The payment could not be completed. You can try again.',
    };
  }

  close(): void {
    this.element.destroy?.();
  }
}

// A form that never says "ready" can still be used, so the wait has an end; one that says "loaderror" cannot.
function shown(element: StripeElement, slot: HTMLElement, session: Embedded): Promise<void> {
  return new Promise((done, failed) => {
    element.on?.('ready', done);
    element.on?.('loaderror', () => failed(new ScriptMissing(session.script)));
    element.mount(slot);
    setTimeout(done, 4000);
  });
}

// Stripe draws inside its own frame, so our custom properties are handed over as values that it can read.
function appearanceFor(slot: HTMLElement): object {
  const style = getComputedStyle(slot);
  return {
    theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe',
    variables: {
      colorPrimary: plainColour(slot, 'accent'),
      colorText: plainColour(slot, 'text'),
      colorBackground: plainColour(slot, 'field'),
      colorDanger: plainColour(slot, 'danger'),
      borderRadius: style.getPropertyValue('--t-radius').trim(),
      fontFamily: style.fontFamily,
    },
  };
}

/** Any colour CSS knows as `rgb()`: Stripe refuses `oklch()`, `light-dark()` and the like. */
function plainColour(slot: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  const value = `var(--t-${name})`;
  // Mixing a colour with itself makes the browser count it out in sRGB.
  probe.style.color = CSS.supports('color', 'color-mix(in srgb, red, red)') ? `color-mix(in srgb, ${value}, ${value})` : value;
  slot.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  const parts = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/.exec(color);
  return parts ? `rgb(${parts.slice(1).map((part) => Math.round(Number(part) * 255)).join(', ')})` : color;
}
