// A merchant's site, Tender and a provider's script, each on an origin of its own, all told by the test what to answer.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const built = new URL('../../Tender.Server/wwwroot/', import.meta.url);

export async function openShop() {
  const tell = { session: {}, confirms: [], stripe: [], asked: 0, confirmedCalls: 0, down: false, scriptDown: false, paths: [] };
  const provider = await serve((request) => {
    if (tell.scriptDown) return { status: 503, body: '' };
    return request.path === '/stripe.js' ? { type: 'text/javascript', body: standIn } : { status: 404, body: '' };
  });
  const tender = await serve(async (request) => {
    tell.paths.push(request.path);
    if (tell.down) return null;
    if (/^\/tender\.m?js$/.test(request.path)) return { type: 'text/javascript', body: await readFile(new URL(`.${request.path}`, built)) };
    if (request.method === 'OPTIONS') return { status: 204, body: '' };
    if (JSON.parse(request.body).clientSecret !== 'cs_secret') return { status: 404, body: '{"code":"not_found"}' };
    if (request.path === '/api/v1/checkout/embed') {
      tell.asked += 1;
      return { body: JSON.stringify({ ...session(provider.origin), ...tell.session }) };
    }
    tell.confirmedCalls += 1;
    const status = tell.confirms.length > 1 ? tell.confirms.shift() : tell.confirms[0];
    return typeof status === 'number' ? { status, body: '{}' } : { body: JSON.stringify({ status }) };
  });
  const shop = await serve((request) => {
    if (request.path === '/stripe-tell') return { body: JSON.stringify(tell.stripe.shift() ?? {}) };
    return { type: 'text/html', csp: csp(tender.origin, provider.origin), body: page(tender.origin, request.path) };
  });
  return {
    tell,
    tender,
    shop,
    close: () => Promise.all([provider, tender, shop].map((site) => site.close())),
  };
}

const session = (origin) => ({
  sessionId: 'chk_k3f9x2_1',
  status: 'open',
  provider: 'stripe',
  script: `${origin}/stripe.js`,
  publishableKey: 'pk_test_1',
  accountId: 'acct_1',
  clientSecret: 'pi_1_secret_1',
  amount: 4900,
  currency: 'usd',
  merchant: 'Acme <b>Shows</b>',
  description: '2 × Festival ticket',
  returnUrl: null,
  url: `${origin}/pay/chk_1`,
});

// No 'unsafe-inline' for styles: the embed must dress itself without it.
const csp = (tender, provider) =>
  `default-src 'none'; script-src 'self' 'nonce-shop' ${tender} ${provider}; connect-src 'self' ${tender}; img-src 'self'`;

const page = (tender, path) => `<!doctype html><html lang="en"><title>Shop</title><body><div id="pay"></div>
${path === '/module' ? '' : `<script src="${tender}/tender.js"></script>`}
<script type="module" nonce="shop">
  ${path === '/module' ? `import { Tender } from '${tender}/tender.mjs';` : ''}
  window.heard = [];
  window.checkout = Tender('${tender}/').checkout({ clientSecret: '${path === '/unknown' ? 'wrong' : 'cs_secret'}' }).mount('#pay');
  for (const event of ['ready', 'paid', 'error']) checkout.on(event, (detail) => heard.push([event, detail]));
</script></body></html>`;

const standIn = `window.made = [];
window.Stripe = (key, options) => {
  made.push({ key, options });
  return {
    elements: (options) => { made.push(options); return { create: () => ({
      on(event, handler) { if (event === 'ready') setTimeout(handler, 20); },
      mount(slot) { slot.innerHTML = '<label>Card <input id="card"></label>'; },
      destroy() { window.destroyed = true; },
    }) }; },
    async confirmPayment(options) {
      window.confirms = (window.confirms ?? 0) + 1;
      made.push({ return_url: options.confirmParams.return_url, redirect: options.redirect });
      await new Promise((done) => setTimeout(done, 60));
      const told = await (await fetch('/stripe-tell')).json();
      if (told.leave) {
        const back = new URL(options.confirmParams.return_url);
        for (const [name, value] of Object.entries(told.leave)) back.searchParams.set(name, value);
        location.assign(back);
        return new Promise(() => {});
      }
      if (told.breaks) throw new TypeError('Failed to fetch');
      return told;
    },
  };
};`;

async function serve(answer) {
  const server = createServer(async (request, response) => {
    const { pathname: path } = new URL(request.url, 'http://any');
    let body = '';
    for await (const chunk of request) body += chunk;
    const said = await answer({ method: request.method, path, body });
    if (!said) return request.socket.destroy();
    response.writeHead(said.status ?? 200, {
      'Content-Type': said.type ?? 'application/json',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'content-type',
      'Cache-Control': 'no-store',
      ...(said.csp ? { 'Content-Security-Policy': said.csp } : {}),
    });
    response.end(said.body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
