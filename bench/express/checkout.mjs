import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import express from 'express';
import pg from 'pg';
import { askStripe } from './provider.mjs';
import { webhooks } from './webhooks.mjs';

const KEY_KNOWN_MS = 5_000;
const SESSION_MS = 2 * 60 * 60 * 1000;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const newId = (kind) => `${kind}_${Date.now().toString(36)}${randomBytes(10).toString('hex')}`;

export function createServer({ database, stripeUrl, stripeKey, webhookSecret }) {
  const pool = new pg.Pool(database);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  webhooks(app, pool, webhookSecret);
  app.use(express.json({ limit: '1mb', verify: (request, _, raw) => { request.bodyHash = sha256(raw); } }));
  app.use(authenticate(pool));
  app.post('/api/v1/checkout/sessions', createSession(pool, { stripeUrl, stripeKey, agent: new http.Agent({ keepAlive: true }) }));
  app.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    console.error(error);
    response.status(500).json({ error: 'internal' });
  });
  return http.createServer(app);
}

function authenticate(pool) {
  const known = new Map();
  return async (request, response, next) => {
    const [scheme, key] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || !key) return response.status(401).json({ error: 'send an API key' });
    const hash = sha256(key).toString('hex');
    let entry = known.get(hash);
    if (!entry || Date.now() - entry.at > KEY_KNOWN_MS) {
      const { rows } = await pool.query({
        name: 'find-key', text: 'select tenant from api_keys where key_hash = $1 and revoked_at is null', values: [Buffer.from(hash, 'hex')],
      });
      entry = { tenant: rows[0]?.tenant, at: Date.now() };
      known.set(hash, entry);
    }
    if (!entry.tenant) return response.status(401).json({ error: 'this API key does not count' });
    request.tenant = entry.tenant;
    next();
  };
}

function createSession(pool, provider) {
  return async (request, response) => {
    const key = request.headers['idempotency-key'];
    const problem = invalid(request.body, key);
    if (problem) return response.status(400).json({ error: problem });
    const { rows: [product] } = await pool.query({
      name: 'find-product', text: 'select id, name, amount, currency from products where id = $1', values: [request.body.productId],
    });
    if (!product) return response.status(404).json({ error: 'no such product' });

    const sale = saleOf(request, product);
    if (!(await open(pool, request, key, sale))) return replay(pool, request, response, key);
    const intent = await askStripe(provider, sale);
    const answer = {
      id: sale.sessionId, sessionId: sale.sessionId, clientSecret: intent.client_secret, amount: sale.amount, currency: sale.currency,
      expiresAt: sale.expiresAt, provider: 'stripe', url: `https://pay.example.com/pay/${sale.sessionId}`,
    };
    await show(pool, request, key, sale, intent, answer);
    response.status(201).json(answer);
  };
}

function invalid(body, key) {
  if (!key || key.length > 255) return 'send an Idempotency-Key';
  if (typeof body?.productId !== 'string') return 'productId is missing';
  if (typeof body.customerEmail !== 'string' || !body.customerEmail.includes('@')) return 'customerEmail is no address';
  if (!Number.isInteger(body.quantity ?? 1) || body.quantity < 1) return 'quantity is no number';
  return null;
}

function saleOf(request, product) {
  const { quantity = 1, customerEmail, customerName = null, metadata = {} } = request.body;
  return {
    sessionId: newId('cs'), paymentId: newId('pay'), attemptId: newId('att'), tenant: request.tenant, productId: product.id, quantity,
    amount: Number(product.amount) * quantity, currency: product.currency, description: `${quantity} × ${product.name}`,
    customerEmail, customerName, metadata, expiresAt: new Date(Date.now() + SESSION_MS).toISOString(),
  };
}

// Before the provider is called: key, payment, attempt and session in one transaction. False when the key was there already.
async function open(pool, request, key, sale) {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: 'claim-key', text: 'insert into idempotency_keys (tenant, key, body_hash) values ($1, $2, $3) on conflict do nothing',
      values: [sale.tenant, key, request.bodyHash],
    });
    if (rowCount === 0) return false;
    await client.query({
      name: 'add-payment',
      text: `insert into payments (id, tenant, amount, currency, status, description, payer_email, payer_name, metadata, expires_at)
             values ($1, $2, $3, $4, 'created', $5, $6, $7, $8, $9)`,
      values: [sale.paymentId, sale.tenant, sale.amount, sale.currency, sale.description, sale.customerEmail, sale.customerName, sale.metadata, sale.expiresAt],
    });
    await client.query({
      name: 'add-attempt', text: `insert into attempts (id, payment_id, status) values ($1, $2, 'sent')`, values: [sale.attemptId, sale.paymentId],
    });
    await client.query({
      name: 'add-session',
      text: `insert into checkout_sessions (id, payment_id, product_id, quantity, amount, currency, customer_email, customer_name, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [sale.sessionId, sale.paymentId, sale.productId, sale.quantity, sale.amount, sale.currency, sale.customerEmail, sale.customerName, sale.expiresAt],
    });
    return true;
  });
}

// What the provider said, and the answer to repeat, in one transaction.
async function show(pool, request, key, sale, intent, answer) {
  await inTransaction(pool, async (client) => {
    await client.query({ name: 'show-payment', text: `update payments set status = 'awaiting_payer' where id = $1`, values: [sale.paymentId] });
    await client.query({
      name: 'show-attempt', text: `update attempts set status = 'pending', provider_payment_id = $2, client_secret = $3 where id = $1`,
      values: [sale.attemptId, intent.id, intent.client_secret],
    });
    await client.query({
      name: 'store-answer', text: 'update idempotency_keys set status = 201, answer = $3 where tenant = $1 and key = $2',
      values: [sale.tenant, key, answer],
    });
  });
}

async function replay(pool, request, response, key) {
  const { rows: [stored] } = await pool.query({
    name: 'find-answer', text: 'select body_hash, status, answer from idempotency_keys where tenant = $1 and key = $2', values: [request.tenant, key],
  });
  if (!stored.body_hash.equals(request.bodyHash)) return response.status(422).json({ error: 'this key was used with another body' });
  if (!stored.status) return response.status(409).set('Retry-After', '1').json({ error: 'the first call is still running' });
  return response.status(stored.status).json(stored.answer);
}

async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
