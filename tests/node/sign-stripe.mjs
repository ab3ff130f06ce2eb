// Signs webhooks as Stripe's own library does. In: {payload, secret, timestamp} on standard input; out: the header.
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

const { payload, secret, timestamp } = JSON.parse(readFileSync(0, 'utf8'));
const stripe = new Stripe('sk_test_unused');
process.stdout.write(stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }));
