import express from 'express';
import Stripe from 'stripe';

/** Webhook intake as Stripe's documentation shows it: raw body, constructEvent, the event stored once, then 200. A worker would apply it later. */
export function webhooks(app, pool, secret) {
  const stripe = new Stripe('sk_test_unused');
  app.post('/api/webhooks/stripe', express.raw({ type: 'application/json', limit: '1mb' }), async (request, response) => {
    let event;
    try {
      event = stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'], secret);
    } catch {
      return response.status(400).json({ error: 'forged' });
    }
    await pool.query({
      name: 'store-event', text: 'insert into webhook_events (event_id, type, body) values ($1, $2, $3) on conflict do nothing',
      values: [event.id, event.type, request.body],
    });
    response.json({ received: true });
  });
}
