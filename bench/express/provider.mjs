import http from 'node:http';

/** Asks the provider for a PaymentIntent, over a connection that is kept; the stripe package would cost more than this. */
export function askStripe({ stripeUrl, stripeKey, agent }, sale) {
  const form = new URLSearchParams({
    amount: sale.amount, currency: sale.currency, 'automatic_payment_methods[enabled]': 'true', description: sale.description,
    'metadata[attempt]': sale.attemptId, 'metadata[session]': sale.sessionId,
  }).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(`${stripeUrl}/v1/payment_intents`, {
      method: 'POST', agent, timeout: 20_000,
      headers: {
        authorization: `Bearer ${stripeKey}`, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form),
        'idempotency-key': sale.attemptId, 'stripe-version': '2026-07-29.dahlia',
      },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`the provider answered ${response.statusCode}`));
        resolve(JSON.parse(Buffer.concat(parts)));
      });
    });
    request.on('timeout', () => request.destroy(new Error('the provider did not answer in time')));
    request.on('error', reject);
    request.end(form);
  });
}
