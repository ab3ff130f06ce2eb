import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { openBrowser } from './browser.mjs';

const built = new URL('../../Tender.Server/wwwroot', import.meta.url);
const canary = 'sk_test_CANARY_7f3a';
let browser;
let page;
let site;

before(async () => (browser = await openBrowser()));
after(() => browser.close());
beforeEach(async () => {
  site = await openSite();
  page = await browser.newPage();
});
afterEach(async () => {
  await page.close();
  await site.close();
});

test('Every secret is sealed with a challenge of its own, and no plaintext leaves the page', async () => {
  await page.open(`${site.origin}/form`);
  await page.until('!document.querySelector("#secret").disabled');
  await page.run(`document.querySelector('#secret').value = '${canary}'; document.querySelector('#hook').value = '${canary}2'; document.querySelector('#save').click()`);
  await page.until('document.body.innerText === "kept"');

  const sent = new URLSearchParams(site.posts[0]);
  assert.deepEqual([...sent.keys()].sort(), ['act', 'credentials.secretKey', 'credentials.webhookSecret', 'name']);
  assert.equal(sent.get('act'), 'save');
  assert.equal(await opened(sent.get('credentials.secretKey')), canary);
  assert.equal(await opened(sent.get('credentials.webhookSecret')), `${canary}2`);
  const headers = ['secretKey', 'webhookSecret'].map((field) => decodeProtectedHeader(sent.get(`credentials.${field}`)));
  assert.deepEqual(headers.map(({ purpose }) => purpose), ['stripe:secretKey', 'stripe:webhookSecret']);
  assert.deepEqual(headers.map(({ challenge }) => challenge), ['ch_1', 'ch_2']);
  assert.ok(!site.heard.join().includes(canary));
});

test('A form sent around the module takes no plaintext along', async () => {
  await page.open(`${site.origin}/form`);
  await page.until('!document.querySelector("#secret").disabled');
  await page.run(`document.querySelector('#secret').value = '${canary}'; document.querySelector('form').submit()`);
  await page.until('document.body.innerText === "kept"');
  assert.ok(!site.heard.join().includes(canary));
});

test('Without the module nothing can be typed', async () => {
  await page.send('Emulation.setScriptExecutionDisabled', { value: true });
  await page.open(`${site.origin}/form`);
  await page.until('document.querySelector("#secret")?.disabled === true');
});

test('When no key comes, nothing is sent and what was typed stays', async () => {
  site.keyStatus = 503;
  await page.open(`${site.origin}/form`);
  await page.until('!document.querySelector("#secret").disabled');
  await page.run(`document.querySelector('#secret').value = '${canary}'; document.querySelector('#save').click()`);
  await page.until('document.querySelector("[data-seal-says]")?.textContent.includes("Nothing was sent")');
  assert.equal(await page.run('document.querySelector("#secret").value'), canary);
  assert.equal(site.posts.length, 0);

  site.keyStatus = 200;
  await page.run('document.querySelector("#save").click()');
  await page.until('document.body.innerText === "kept"');
  assert.equal(await opened(new URLSearchParams(site.posts[0]).get('credentials.secretKey')), canary);
});

test('On an insecure origin it says why it cannot seal, and stays shut', async () => {
  // A host name that is not localhost, over http, has no crypto.subtle.
  await page.open(`${site.origin.replace('127.0.0.1', 'tender.test')}/form`);
  await page.until('document.querySelector("[data-seal-says]")?.textContent.includes("not opened over https")');
  assert.equal(await page.run('document.querySelector("#secret").disabled'), true);
  await page.run('document.querySelector("#save").click()');
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(site.posts.length, 0);
});

const opened = async (token) => new TextDecoder().decode((await compactDecrypt(token, site.privateKey)).plaintext);

const form = `<!doctype html><html lang="en"><title>Form</title><body>
<form method="post" action="/keep" data-module="seal"><input name="name" value="Main">
<input id="secret" data-seal="stripe:secretKey" name="credentials.secretKey" disabled>
<input id="hook" data-seal="stripe:webhookSecret" name="credentials.webhookSecret" disabled>
<button id="save" name="act" value="save">Save</button></form>
<script type="module" src="/console/start.js"></script></body></html>`;

async function openSite() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  const site = { posts: [], heard: [], keyStatus: 200, privateKey, challenges: 0 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    site.heard.push(request.url, decodeURIComponent(body));
    const answer = (status, type, text) => response.writeHead(status, { 'Content-Type': type }).end(text);
    if (request.url === '/form') return answer(200, 'text/html', form);
    if (request.url.startsWith('/console/')) return answer(200, 'text/javascript', await readFile(`${built.pathname}${request.url}`));
    if (request.url === '/keep') {
      site.posts.push(body);
      return answer(200, 'text/html', 'kept');
    }
    if (request.url !== '/api/encryption-key' || site.keyStatus !== 200) return answer(site.keyStatus === 200 ? 404 : site.keyStatus, 'text/plain', '');
    site.challenges += 1;
    const key = { kid: 'key_1', jwk: { kty, crv, x, y }, challenge: `ch_${site.challenges}`, tenant: 'ten_1', expiresAt: '2030-01-01T00:00:00Z' };
    return answer(200, 'application/json', JSON.stringify(key));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.close = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
  return site;
}
