// A headless Chromium driven over its debugging pipe: enough for these tests, and nothing to install.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function openBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'tender-chromium-'));
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe', '--host-resolver-rules=MAP tender.test 127.0.0.1', `--user-data-dir=${profile}`];
  const chromium = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => chromium.once('exit', done));
  const wire = speak(chromium.stdio[3], chromium.stdio[4]);
  return {
    newPage: () => newPage(wire),
    async close() {
      await wire.send('Browser.close').catch(() => {});
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function speak(input, output) {
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop();
    for (const part of parts) {
      const said = JSON.parse(part);
      if (!said.id) {
        for (const listener of listeners) listener(said);
        continue;
      }
      const { done, failed } = waiting.get(said.id);
      waiting.delete(said.id);
      if (said.error) failed(new Error(said.error.message));
      else done(said.result);
    }
  });
  return {
    listeners,
    send: (method, params = {}, sessionId) =>
      new Promise((done, failed) => {
        last += 1;
        waiting.set(last, { done, failed });
        input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
      }),
  };
}

async function newPage(wire) {
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method, params) => wire.send(method, params, sessionId);
  const faults = [];
  wire.listeners.add((said) => {
    if (said.sessionId !== sessionId) return;
    if (said.method === 'Runtime.exceptionThrown') faults.push(said.params.exceptionDetails.exception?.description ?? 'fault');
    if (said.method === 'Log.entryAdded' && said.params.entry.source === 'security') faults.push(said.params.entry.text);
  });
  await Promise.all(['Page.enable', 'Runtime.enable', 'Log.enable', 'Network.enable'].map((method) => send(method)));

  const run = async (expression) => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    faults,
    send,
    run,
    open: (url) => send('Page.navigate', { url }),
    /** Waits until the expression is true. */
    async until(expression, patienceMs = 8000) {
      const end = performance.now() + patienceMs;
      for (;;) {
        // A navigation under way has no document to ask.
        const value = await run(expression).catch(() => false);
        if (value) return value;
        if (performance.now() > end) throw new Error(`never true: ${expression}\n${await run('document.body.innerText').catch(() => '')}`);
        await new Promise((done) => setTimeout(done, 25));
      }
    },
    close: () => wire.send('Target.closeTarget', { targetId }),
  };
}
