// Fails when the committed files are not what the sources build, when a type is wrong, or when something grew too big.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { builtFolder, buildInto, iconsFile, iconsSource } from './build.mjs';

// Gzipped bytes. The embed's limit is a promise to merchants; the others keep pages quick.
const gzippedBytesMax = { 'tender.js': 10_000, 'tender.mjs': 10_000, 'pay.js': 10_000, 'tender.css': 20_000, 'pay.css': 8_000 };

const here = fileURLToPath(new URL('.', import.meta.url));
const problems = [];

execFileSync(join(here, 'node_modules/.bin/tsc'), ['-p', here], { stdio: 'inherit' });

const fresh = await mkdtemp(join(tmpdir(), 'tender-built-'));
try {
  await buildInto(fresh);
  const names = new Set([...(await filesIn(fresh)), ...(await filesIn(builtFolder))]);
  for (const name of [...names].sort()) {
    const [made, kept] = await Promise.all([read(join(fresh, name)), read(join(builtFolder, name))]);
    if (!made) problems.push(`${name}: nothing builds it; delete it`);
    else if (!kept) problems.push(`${name}: not committed; npm run build`);
    else if (!made.equals(kept)) problems.push(`${name}: not what the sources build; npm run build`);
  }
  for (const [name, max] of Object.entries(gzippedBytesMax)) {
    const size = gzipSync(await readFile(join(fresh, name)), { level: 9 }).length;
    console.log(`${name}: ${size} of ${max} bytes gzipped`);
    if (size > max) problems.push(`${name}: ${size} bytes gzipped, ${max} allowed`);
  }
  if ((await readFile(iconsFile, 'utf8')) !== (await iconsSource())) problems.push('IconShapes.cs: not what icons.json names; npm run build');
  const lock = await readFile(join(here, 'package-lock.json'), 'utf8');
  if (lock.includes('"resolved"')) problems.push('package-lock.json names a registry; npm install --omit-lockfile-registry-resolved');
} finally {
  await rm(fresh, { recursive: true });
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function read(path) {
  return readFile(path).catch(() => null);
}
