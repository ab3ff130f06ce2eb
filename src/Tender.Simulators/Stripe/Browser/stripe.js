// A stand-in for Stripe.js: the part of it that an embedded checkout uses, with the same names, results and errors.
// The card is typed into a frame of the simulator; this script, which runs in the shop's page, never sees it.
(() => {
  const base = document.currentScript.src.replace(/\/js\/stripe\.js.*$/, '');
  const origin = new URL(base).origin;

  class IntegrationError extends Error {
    constructor(message) { super(message); this.name = 'IntegrationError'; }
  }

  function Stripe(key, { stripeAccount } = {}) {
    if (typeof key !== 'string' || key === '') throw new IntegrationError('Missing value for Stripe(): apiKey should be a string.');
    if (key.startsWith('sk_')) throw new IntegrationError('You should not use your secret key with Stripe.js.\n        Please pass a publishable key instead.');
    if (!key.startsWith('pk_')) throw new IntegrationError('Invalid value for Stripe(): apiKey should be a publishable key.');

    async function retrievePaymentIntent(clientSecret) {
      const [id] = String(clientSecret).split('_secret_');
      const headers = { Authorization: `Bearer ${key}` };
      if (stripeAccount) headers['Stripe-Account'] = stripeAccount;
      try {
        const response = await fetch(`${base}/v1/payment_intents/${id}?client_secret=${encodeURIComponent(clientSecret)}`, { headers });
        const body = await response.json();
        return body.error ? { error: body.error } : { paymentIntent: body };
      } catch {
        return { error: { type: 'api_connection_error', message: 'We are experiencing issues connecting to our payments provider. Please try again.' } };
      }
    }

    /** Asks the payer's bank, if the payment waits for it. Says what came of it, or leaves the page. */
    async function doNextAction(paymentIntent) {
      const next = paymentIntent.next_action;
      if (paymentIntent.status !== 'requires_action' || !next) return { paymentIntent };
      if (next.type === 'redirect_to_url') return leave(next.redirect_to_url.url);
      await askInFrame(next.use_stripe_sdk.stripe_js);
      const asked = await retrievePaymentIntent(paymentIntent.client_secret);
      if (asked.paymentIntent?.status !== 'requires_payment_method') return asked;
      return { error: { ...asked.paymentIntent.last_payment_error, payment_intent: asked.paymentIntent } };
    }

    async function confirmPayment({ elements, clientSecret, confirmParams = {}, redirect = 'always' }) {
      const returnUrl = confirmParams.return_url;
      if (!returnUrl && redirect !== 'if_required') throw new IntegrationError('You must pass in a `return_url` when confirming this PaymentIntent.');
      if (!elements) throw new IntegrationError('stripe.confirmPayment(): expected an elements instance.');
      const element = elements.getElement('payment');
      if (!element?.isMounted()) throw new IntegrationError('Invalid value for stripe.confirmPayment(): elements should have a mounted Payment Element.');

      const confirmed = await element.ask('confirm', { returnUrl });
      if (confirmed.error) return confirmed;
      const result = await doNextAction(confirmed.paymentIntent);
      if (result.error || redirect === 'if_required') return result;
      return leave(withOutcome(returnUrl, result.paymentIntent, clientSecret));
    }

    return {
      elements: (options = {}) => new Elements(key, stripeAccount, options),
      confirmPayment,
      retrievePaymentIntent,
      async handleNextAction({ clientSecret }) {
        const { paymentIntent, error } = await retrievePaymentIntent(clientSecret);
        return error ? { error } : doNextAction(paymentIntent);
      },
    };
  }

  class Elements {
    #options; #key; #account; #payment;
    constructor(key, account, options) {
      if (!options.clientSecret) throw new IntegrationError('The simulator needs elements({clientSecret}).');
      if (!/^pi_\w+_secret_\w+$/.test(options.clientSecret)) throw new IntegrationError(`Invalid value for elements(): clientSecret should be a client secret of the form \${id}_secret_\${secret}. You specified: ${options.clientSecret}.`);
      [this.#key, this.#account, this.#options] = [key, account, options];
    }
    create(kind, options) {
      if (kind !== 'payment') throw new IntegrationError(`The simulator has no Element of type ${kind}.`);
      if (this.#payment) throw new IntegrationError('Can only create one Element of type payment.');
      this.#payment = new PaymentElement({ key: this.#key, stripeAccount: this.#account, ...this.#options }, () => { this.#payment = undefined; }, options);
      return this.#payment;
    }
    getElement(kind) { return kind === 'payment' ? this.#payment ?? null : null; }
    update(options) { this.#payment?.tell('update', options); }
    async submit() { return (await this.#payment?.ask('validate')) ?? {}; }
    async fetchUpdates() { return {}; }
  }

  class PaymentElement {
    #opening; #gone; #frame; #port; #asked = new Map(); #count = 0; #handlers = new Map();
    constructor(opening, gone) { [this.#opening, this.#gone] = [opening, gone]; }

    mount(target) {
      const slot = typeof target === 'string' ? document.querySelector(target) : target;
      if (!slot) throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements that are currently on the page.`);
      const isDark = this.#opening.appearance?.theme === 'night';
      const frame = document.createElement('iframe');
      Object.assign(frame, { src: `${base}/elements/payment.html`, title: 'Secure payment input frame', allow: 'payment *' });
      Object.assign(frame.style, { display: 'block', width: '100%', height: '180px', border: '0', margin: '0', colorScheme: isDark ? 'dark' : 'light' });
      frame.addEventListener('load', () => this.#open(frame), { once: true });
      slot.replaceChildren(frame);
      this.#frame = frame;
    }

    #open(frame) {
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.onmessage = ({ data }) => this.#hear(data);
      const { key, stripeAccount, clientSecret, appearance, locale } = this.#opening;
      frame.contentWindow.postMessage({ kind: 'simulator:open', key, stripeAccount, clientSecret, appearance: structuredClone(appearance), locale, behind: colourBehind(frame) }, origin, [port2]);
    }

    #hear({ event, detail, height, reply, ...result }) {
      if (height) this.#frame.style.height = `${height}px`;
      if (event) for (const handler of this.#handlers.get(event) ?? []) handler(detail);
      if (reply) { this.#asked.get(reply)?.(result); this.#asked.delete(reply); }
    }

    ask(kind, rest = {}) {
      return new Promise((done) => {
        const id = ++this.#count;
        this.#asked.set(id, done);
        this.#port.postMessage({ id, kind, ...rest });
      });
    }

    tell(kind, rest = {}) { this.#port?.postMessage({ kind, ...rest }); }
    isMounted() { return Boolean(this.#port && this.#frame?.isConnected); }
    on(event, handler) { this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]); return this; }
    once(event, handler) { const only = (detail) => { this.off(event, only); handler(detail); }; return this.on(event, only); }
    off(event, handler) { this.#handlers.set(event, handler ? (this.#handlers.get(event) ?? []).filter((one) => one !== handler) : []); return this; }
    update() {}
    focus() { this.tell('focus'); }
    clear() { this.tell('clear'); }
    collapse() {}
    unmount() { this.#frame?.remove(); this.#port?.close(); this.#frame = this.#port = undefined; }
    destroy() { this.unmount(); this.#gone(); }
  }

  // The form is drawn on the shop's own colour, so that it looks as if it stood in the page.
  function colourBehind(frame) {
    for (let element = frame.parentElement; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      const isOpaque = !colour.startsWith('rgba') && !colour.includes('/');
      if (isOpaque) return colour;
    }
    return 'Canvas';
  }

  // The bank's question, over the whole page.
  function askInFrame(url) {
    return new Promise((done) => {
      const cover = document.createElement('div');
      cover.setAttribute('role', 'dialog');
      cover.setAttribute('aria-modal', 'true');
      cover.setAttribute('aria-label', 'Your bank asks');
      Object.assign(cover.style, { position: 'fixed', inset: '0', zIndex: '2147483647', display: 'grid', placeItems: 'center', padding: '16px', background: 'rgb(10 12 16 / .55)' });
      const frame = document.createElement('iframe');
      Object.assign(frame, { src: url, title: '3-D Secure challenge' });
      Object.assign(frame.style, { width: 'min(420px, 100%)', height: 'min(440px, 100%)', border: '0', borderRadius: '10px', background: 'Canvas' });
      cover.append(frame);
      const before = document.activeElement;
      addEventListener('message', function heard(event) {
        if (event.source !== frame.contentWindow || event.origin !== origin || event.data?.kind !== 'simulator:challenge-done') return;
        removeEventListener('message', heard);
        cover.remove();
        before?.focus?.();
        done();
      });
      document.body.append(cover);
      frame.focus();
    });
  }

  function withOutcome(returnUrl, intent, clientSecret) {
    const url = new URL(returnUrl, location.href);
    url.searchParams.set('payment_intent', intent.id);
    url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? clientSecret);
    url.searchParams.set('redirect_status', intent.status === 'processing' ? 'pending' : intent.status === 'requires_payment_method' ? 'failed' : 'succeeded');
    return url.href;
  }

  // The page goes away, so what was awaited never comes.
  function leave(url) {
    location.assign(url);
    return new Promise(() => {});
  }

  Stripe.version = 'simulator';
  window.Stripe = Stripe;
})();
