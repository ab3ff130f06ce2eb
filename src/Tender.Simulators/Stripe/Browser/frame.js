import { brandOf, digits, liven, problemOf } from './card.js';

// The card form. It lives in a frame of the simulator's origin, so that the shop's page never sees a card number.
// The shop's script hands over one end of a message channel; everything goes through it.

const api = new URL('../v1', location.href).href;
const names = { card: 'Card', us_bank_account: 'Bank debit', ideal: 'Bank page' };
const fields = ['number', 'expiry', 'cvc'];
const at = (id) => document.getElementById(id);

let port;
let shop;
let type = 'card';

addEventListener('message', (event) => {
  if (event.data?.kind !== 'simulator:open' || port) return;
  [port] = event.ports;
  port.onmessage = ({ data }) => answer(data);
  open(event.data);
});

async function open(message) {
  shop = message;
  dress(message.appearance ?? {});
  document.body.style.setProperty('--behind', shop.behind);
  const { body } = await call(`payment_intents/${intentId()}?client_secret=${encodeURIComponent(shop.clientSecret)}`);
  if (!body || body.error) {
    tell('loaderror', { elementType: 'payment', error: body?.error ?? { type: 'api_connection_error', message: 'The payment form could not be loaded.' } });
    return;
  }
  offer(body.payment_method_types.filter((name) => names[name]));
  at('form').hidden = false;
  new ResizeObserver(tellHeight).observe(document.documentElement);
  tellHeight();
  tell('ready', { elementType: 'payment' });
}

function answer({ id, kind, ...rest }) {
  const reply = (result) => port.postMessage({ reply: id, ...result });
  if (kind === 'validate') reply(validate());
  if (kind === 'confirm') confirm(rest.returnUrl).then(reply);
  if (kind === 'update') dress(rest.appearance ?? {});
  if (kind === 'focus') at('number').focus();
  if (kind === 'clear') for (const field of fields) at(field).value = '';
}

/** Shows what is missing, and gives the first of it back. */
function validate() {
  if (type !== 'card') return {};
  const wrong = fields.map((field) => [field, show(field)]).filter(([, problem]) => problem);
  if (wrong.length === 0) return {};
  at(wrong[0][0]).focus();
  const [, { code, message }] = wrong[0];
  return { error: { type: 'validation_error', code, message } };
}

async function confirm(returnUrl) {
  const { error } = validate();
  if (error) return { error };
  document.body.inert = true;
  const form = new URLSearchParams({ client_secret: shop.clientSecret, use_stripe_sdk: 'true', 'payment_method_data[type]': type });
  if (returnUrl) form.set('return_url', returnUrl);
  for (const [name, value] of Object.entries(details())) form.set(`payment_method_data[${type}][${name}]`, value);
  const { body } = await call(`payment_intents/${intentId()}/confirm`, form);
  document.body.inert = false;
  if (!body) return { error: { type: 'api_connection_error', message: 'We are experiencing issues connecting to our payments provider. You have not been charged. Please check your internet connection and try again.' } };
  return body.error ? { error: body.error } : { paymentIntent: body };
}

function details() {
  if (type === 'us_bank_account') return { account_number: at('account').value, routing_number: '110000000', account_holder_type: 'individual' };
  if (type === 'ideal') return {};
  const expiry = digits(at('expiry').value);
  return { number: digits(at('number').value), exp_month: expiry.slice(0, 2), exp_year: expiry.slice(2), cvc: at('cvc').value };
}

async function call(path, form) {
  const headers = { Authorization: `Bearer ${shop.key}` };
  if (shop.stripeAccount) headers['Stripe-Account'] = shop.stripeAccount;
  try {
    const response = await fetch(`${api}/${path}`, form ? { method: 'POST', body: form, headers } : { headers });
    return { body: await response.json() };
  } catch {
    return {};
  }
}

function offer(types) {
  if (types.length < 2) { choose(types[0] ?? 'card'); return; }
  at('tabs').hidden = false;
  for (const name of types) {
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'type', value: name, checked: name === types[0] });
    input.addEventListener('change', () => choose(name));
    label.append(input, names[name]);
    at('tabs').append(label);
  }
  choose(types[0]);
}

function choose(name) {
  type = name;
  at('card').hidden = name !== 'card';
  at('bank').hidden = name !== 'us_bank_account';
  at('redirect').hidden = name !== 'ideal';
  changed();
}

function show(field) {
  const problem = problemOf(field, at(field).value, at('number').value);
  at(`${field}-problem`).textContent = problem?.short ?? problem?.message ?? '';
  at(field).toggleAttribute('aria-invalid', Boolean(problem));
  if (problem) at(field).setAttribute('aria-invalid', 'true');
  return problem;
}

function changed() {
  at('brand').textContent = brandOf(digits(at('number').value));
  for (const field of fields) if (at(field).hasAttribute('aria-invalid')) show(field);
  const complete = type !== 'card' || fields.every((field) => !problemOf(field, at(field).value, at('number').value));
  const empty = type === 'card' && fields.every((field) => at(field).value === '');
  tell('change', { elementType: 'payment', complete, empty, collapsed: false, value: { type } });
}

// The shop's colours, as values of our own properties; nothing else of theirs gets in.
function dress({ theme = 'stripe', variables = {} }) {
  const root = document.documentElement;
  root.dataset.theme = theme === 'night' ? 'night' : 'day';
  const map = { colorPrimary: 'accent', colorText: 'ink', colorBackground: 'field', colorDanger: 'danger', borderRadius: 'radius', fontFamily: 'font', fontSizeBase: 'size', colorTextPlaceholder: 'faint' };
  for (const [theirs, ours] of Object.entries(map)) {
    if (variables[theirs]) root.style.setProperty(`--${ours}`, variables[theirs]);
  }
}

const intentId = () => shop.clientSecret.split('_secret_')[0];
const tell = (event, detail) => port?.postMessage({ event, detail });
const tellHeight = () => port.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height) });

liven({ number: at('number'), expiry: at('expiry'), cvc: at('cvc') }, changed);
for (const field of fields) {
  at(field).addEventListener('blur', () => { if (at(field).value) show(field); });
  at(field).addEventListener('focus', () => tell('focus', { elementType: 'payment' }));
}
at('form').addEventListener('submit', (event) => { event.preventDefault(); tell('enter', { elementType: 'payment' }); });
