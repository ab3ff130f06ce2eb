/**
 * What a merchant's page may call. This file holds every public type of `tender.js`; `tender.d.ts` is made from it.
 *
 * @example A page with a script element
 * ```html
 * <div id="pay"></div>
 * <script src="https://pay.example.com/tender.js"></script>
 * <script>
 *   Tender('https://pay.example.com')
 *     .checkout({ clientSecret })
 *     .mount('#pay')
 *     .on('paid', () => location.assign('/thanks'));
 * </script>
 * ```
 *
 * @example A page with modules
 * ```js
 * import { Tender } from 'https://pay.example.com/tender.mjs';
 * ```
 */

/**
 * Opens a Tender installation.
 *
 * @param baseUrl Where Tender answers, for example `https://pay.example.com`. A trailing slash does not matter.
 * @returns The calls a page can make there. Nothing is loaded yet.
 * @throws TypeError when `baseUrl` is not an absolute `http` or `https` address.
 */
export type TenderFactory = (baseUrl: string) => TenderInstallation;

/** One Tender installation, as a page sees it. */
export interface TenderInstallation {
  /**
   * Prepares the checkout of one session. Nothing is shown or loaded before {@link Checkout.mount}.
   *
   * @throws TypeError when `clientSecret` is missing.
   */
  checkout(options: CheckoutOptions): Checkout;
}

/** What a checkout needs to know. */
export interface CheckoutOptions {
  /** The `clientSecret` that your server got from `POST /api/v1/checkout/sessions`. It opens this one session and nothing else. */
  clientSecret: string;
  /**
   * Where the payer comes back to after leaving the page for the bank. Without it the session's own
   * address is used, and without that the page that mounted the checkout.
   * That page must mount the same `clientSecret` again: it then shows how the payment ended.
   */
  returnUrl?: string;
}

/** One checkout on a page. Every method but `on` can be called again at any time. */
export interface Checkout {
  /**
   * Shows the checkout inside an element and starts loading. The element's former content is replaced until {@link Checkout.unmount}.
   *
   * @param target An element, or a selector that finds one.
   * @throws TypeError when nothing is found.
   */
  mount(target: string | Element): Checkout;

  /**
   * Listens. Several handlers may listen to one event; each is called in the order it was added.
   *
   * - `ready`: the payer can pay now. Happens once for each mount, and not when the session is already paid or closed.
   * - `paid`: the money arrived. Only ever after the server said so; happens once for each mount.
   * - `error`: something the payer has been told about: see {@link CheckoutError}.
   */
  on<K extends keyof CheckoutEvents>(event: K, handler: (detail: CheckoutEvents[K]) => void): Checkout;

  /** Takes the checkout off the page and stops asking. A payment under way goes on at the server. */
  unmount(): void;
}

/** What each event brings. */
export interface CheckoutEvents {
  ready: CheckoutFacts;
  paid: CheckoutFacts;
  error: CheckoutError;
}

/** What the page may know of a session. */
export interface CheckoutFacts {
  /** The session's id: what your server asks Tender about. */
  sessionId: string;
  /** Integer, in the currency's minor unit: 4900 is 49.00 USD and 4900 JPY. */
  amount: number;
  /** ISO 4217, lower case. */
  currency: string;
}

/** Why the payer could not go on. The same words are already on the page. */
export interface CheckoutError {
  /**
   * Stable, for programs: a code of the provider (`card_declined`, `incomplete_number`, …) or one of
   * `network` (no answer from Tender), `script` (the provider's script did not load), `unavailable` (Tender answered with a fault),
   * `not_found` (no such session), `failed`, `expired`, `canceled`, `not_completed` (the payer came back without paying).
   */
  code: string;
  /** A sentence for a person. */
  message: string;
  /** Whether the payer can try again here. `false` means a new session is needed. */
  retriable: boolean;
}
