import type { CheckoutError } from './api';

/** What the server says about a session: `POST /api/v1/checkout/embed`. */
export interface Session {
  sessionId: string;
  status: SessionStatus;
  provider: string;
  /** These four are null when the payment is taken on a page of the provider, or no longer open. */
  script: string | null;
  publishableKey: string | null;
  accountId: string | null;
  clientSecret: string | null;
  amount: number;
  currency: string;
  merchant: string;
  description: string;
  returnUrl: string | null;
  url: string;
}

export type SessionStatus = 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'canceled';

/** A call that brought no session. Carries the words for the payer. */
export class NoAnswer extends Error {
  constructor(readonly detail: CheckoutError) {
    super(detail.message);
  }
}

export const openSession = (base: string, clientSecret: string, stop: AbortSignal) =>
  ask<Session>(`${base}/api/v1/checkout/embed`, clientSecret, 15_000, stop);

/** The server asks the provider itself before it answers, so this takes longer than reading a session. */
export const confirmSession = (base: string, clientSecret: string, stop: AbortSignal) =>
  ask<{ status: SessionStatus }>(`${base}/api/v1/checkout/embed/confirm`, clientSecret, 40_000, stop);

async function ask<T>(url: string, clientSecret: string, patienceMs: number, stop: AbortSignal): Promise<T> {
  const call = new AbortController();
  const patience = setTimeout(() => call.abort(), patienceMs);
  const onStop = () => call.abort();
  stop.addEventListener('abort', onStop);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      mode: 'cors',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ clientSecret }),
      signal: call.signal,
    });
    if (!answer.ok) throw new NoAnswer(refusal(answer.status));
    return (await answer.json()) as T;
  } catch (fault) {
    if (fault instanceof NoAnswer) throw fault;
    throw new NoAnswer({
      code: 'network',
      message: 'The payment page cannot be reached right now. Nothing is lost: check your connection and try again.',
      retriable: true,
    });
  } finally {
    clearTimeout(patience);
    stop.removeEventListener('abort', onStop);
  }
}

function refusal(status: number): CheckoutError {
  if (status === 404)
    return { code: 'not_found', message: 'This checkout is not known. Please go back to the shop and start again.', retriable: false };
  return { code: 'unavailable', message: 'The payment page has a fault right now. Nothing is lost: please try again in a moment.', retriable: true };
}
