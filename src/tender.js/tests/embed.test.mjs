import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { openBrowser } from './browser.mjs';
import { openShop } from './shop.mjs';

let browser;
let site;
let page;

before(async () => (browser = await openBrowser()));
after(() => browser.close());
beforeEach(async () => {
  site = await openShop();
  page = await browser.newPage();
});
afterEach(async () => {
  await page.close();
  await site.close();
  assert.deepEqual(page.faults, [], 'no script fault and no CSP violation');
});

const visit = (path = '/') => page.open(site.shop.origin + path);
const text = () => page.run('document.querySelector(".tender-checkout").innerText');
const events = () => page.run('heard.map(([event]) => event).join()');
const says = (words) => page.until(`document.querySelector('.tender-checkout')?.innerText.includes(${JSON.stringify(words)})`);
const ready = () => page.until('window.heard?.some(([event]) => event === "ready")');
const press = (selector = '.tender-pay') => page.run(`document.querySelector(${JSON.stringify(selector)}).click()`);
const declined = { error: { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' } };

test('A payer pays, and paid is told once, after the server said so', async () => {
  site.tell.confirms = ['paid'];
  await visit();
  await ready();
  assert.match(await text(), /49\.00 USD\s+Acme <b>Shows<\/b> · 2 × Festival ticket/);
  assert.equal(await page.run('document.querySelector(".tender-pay").textContent'), 'Pay 49.00 USD');

  await press();
  await says('Paid. Thank you.');

  assert.equal(await events(), 'ready,paid');
  assert.deepEqual(await page.run('heard[1][1]'), { sessionId: 'chk_k3f9x2_1', amount: 4900, currency: 'usd' });
  assert.deepEqual(await page.run('made[0]'), { key: 'pk_test_1', options: { stripeAccount: 'acct_1' } });
  assert.deepEqual(await page.run('made[2]'), { return_url: `${site.shop.origin}/`, redirect: 'if_required' });
  assert.equal(await page.run('getComputedStyle(document.querySelector(".tender-checkout")).display'), 'grid', 'dressed under a strict CSP');
});

test('The module gives the same', async () => {
  site.tell.confirms = ['paid'];
  await visit('/module');
  await ready();
  await press();
  await says('Paid. Thank you.');
});

test('The browser saying yes is not enough', async () => {
  site.tell.confirms = ['open', 'processing', 'paid'];
  await visit();
  await ready();
  await press();
  await says('We ask again by ourselves');
  assert.equal(await events(), 'ready');

  await says('Paid. Thank you.');
  assert.equal(site.tell.confirmedCalls, 3);
});

test('Three clicks confirm once', async () => {
  site.tell.confirms = ['paid'];
  await visit();
  await ready();
  await page.run('for (let i = 0; i < 3; i++) document.querySelector(".tender-pay").click()');
  await says('Paid. Thank you.');
  assert.equal(await page.run('window.confirms'), 1);
});

test('A refused card shows the provider\'s words, keeps the form, and can be tried again', async () => {
  site.tell.stripe = [declined];
  site.tell.confirms = ['paid'];
  await visit();
  await ready();
  await page.run('document.querySelector("#card").value = "4000"');
  await press();
  await says('Your card has insufficient funds.');

  assert.equal(await page.run('document.querySelector("#card").value'), '4000');
  assert.equal(await page.run('document.querySelector(".tender-problem").getAttribute("role")'), 'alert');
  assert.deepEqual(await page.run('heard[1]'), ['error', { code: 'insufficient_funds', message: 'Your card has insufficient funds.', retriable: true }]);
  assert.equal(site.tell.confirmedCalls, 0);

  await press();
  await says('Paid. Thank you.');
});

test('When nobody knows whether the charge went through, the server is asked before anything is tried again', async () => {
  site.tell.stripe = [{ breaks: true }];
  site.tell.confirms = ['processing', 'paid'];
  await visit();
  await ready();
  await press();
  await says('Paid. Thank you.');
  assert.equal(await page.run('window.confirms'), 1);
  assert.equal(await events(), 'ready,paid');
});

test('An unclear fault that charged nothing leads back to the form', async () => {
  site.tell.stripe = [{ error: { type: 'api_error', message: 'Something broke at the provider.' } }];
  site.tell.confirms = ['open'];
  await visit();
  await ready();
  await press();
  await says('Something broke at the provider.');
  await says('Pay 49.00 USD');
  assert.equal(site.tell.confirmedCalls, 1);
});

test('Coming back from the bank cleans the address and asks the server', async () => {
  site.tell.confirms = ['processing', 'paid'];
  await visit('/?cart=7&payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_1&redirect_status=succeeded#here');
  await says('Paid. Thank you.');
  assert.equal(await page.run('location.href'), `${site.shop.origin}/?cart=7#here`);
  assert.equal(await events(), 'paid');
});

test('A whole trip to the bank and back ends in paid', async () => {
  site.tell.stripe = [{ leave: { payment_intent: 'pi_1', payment_intent_client_secret: 'pi_1_secret_1', redirect_status: 'succeeded' } }];
  site.tell.confirms = ['paid'];
  await visit();
  await ready();
  await press();
  await says('Paid. Thank you.');
  assert.equal(await page.run('location.search'), '');
});

test('Coming back without having paid says so and shows the form', async () => {
  site.tell.confirms = ['open'];
  await visit('/?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_1&redirect_status=failed');
  await says('The payment was not completed, and nothing was charged.');
  await says('Pay 49.00 USD');
  assert.equal(await events(), 'ready,error');
});

test('A session that is paid already says so', async () => {
  site.tell.session = { status: 'paid', clientSecret: null, script: null };
  await visit();
  await says('Paid. Thank you.');
  await page.until('heard.length > 0');
  assert.equal(await events(), 'paid');
});

for (const [status, words] of [['expired', 'has expired'], ['canceled', 'was canceled']]) {
  test(`A session that is ${status} says so and offers nothing`, async () => {
    site.tell.session = { status };
    await visit();
    await says(words);
    await page.until('heard.length > 0');
    assert.deepEqual(await page.run('[heard[0][1].code, heard[0][1].retriable]'), [status, false]);
    assert.equal(await page.run('[...document.querySelectorAll("button")].filter((b) => b.checkVisibility()).length'), 0);
  });
}

test('An unknown session says so', async () => {
  await visit('/unknown');
  await says('This checkout is not known.');
});

test('Without an answer from Tender there is a sentence and Try again, and then it works', async () => {
  await visit();
  await ready();
  site.tell.confirms = ['paid'];
  site.tell.down = true;
  await press();
  await says('Nothing is lost');
  assert.equal(await page.run('heard[1][1].code'), 'network');

  site.tell.down = false;
  await press('.tender-again');
  await says('Paid. Thank you.');
  assert.equal(await page.run('window.confirms'), 1);
});

test('A fault of the server is a sentence and Try again', async () => {
  site.tell.confirms = [503, 'paid'];
  await visit();
  await ready();
  await press();
  await says('has a fault right now');
  await press('.tender-again');
  await says('Paid. Thank you.');
});

test('A provider\'s script that does not come can be asked for again', async () => {
  site.tell.scriptDown = true;
  await visit();
  await says('could not be loaded');
  assert.equal(await page.run('heard[0][1].code'), 'script');

  site.tell.scriptDown = false;
  await press('.tender-again');
  await ready();
});

test('A provider without a drawer leads to its page', async () => {
  site.tell.session = { provider: 'other' };
  await visit();
  await page.until('document.querySelector("a.tender-pay")?.textContent === "Pay 49.00 USD"');
});

test('A payment that is taken on a page of the provider leads there', async () => {
  site.tell.session = { script: null, publishableKey: null, clientSecret: null };
  await visit();
  await page.until('document.querySelector("a.tender-pay")?.textContent === "Pay 49.00 USD"');
});

test('Taken off the page it stops asking', async () => {
  site.tell.confirms = ['processing'];
  await visit();
  await ready();
  await press();
  await says('We ask again by ourselves');
  await page.run('checkout.unmount()');
  const before = site.tell.confirmedCalls;
  await new Promise((done) => setTimeout(done, 2500));
  assert.equal(site.tell.confirmedCalls, before);
  assert.equal(await page.run('document.querySelector("#pay").innerHTML'), '');
  assert.equal(await page.run('window.destroyed'), true);
});

for (const [amount, currency, words] of [[1200000, 'ngn', '12\u202f000.00 NGN'], [4900, 'jpy', '4\u202f900 JPY'], [12345, 'kwd', '12.345 KWD'], [5, 'eur', '0.05 EUR'], [2100, 'btc', '2\u202f100 sat']]) {
  test(`${amount} ${currency} is shown as ${words}`, async () => {
    site.tell.session = { amount, currency };
    await visit();
    await says(`Pay ${words}`);
  });
}
