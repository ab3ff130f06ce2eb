// Signs webhooks as Stripe's own library does. In: [{payload, secret, timestamp}] on standard input; out: their headers, a line each.
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_unused');
for (const { payload, secret, timestamp } of JSON.parse(readFileSync(0, 'utf8'))) console.log(stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }));
