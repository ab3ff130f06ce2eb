// Builds everything a browser gets into one folder; the same input gives the same bytes.
import { build, transform } from 'esbuild';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
export const builtFolder = join(here, '../Tender.Server/wwwroot');

// ES2020 runs on five-year-old phones.
const target = 'es2020';
const consoleTarget = ['es2022', 'chrome111', 'firefox113', 'safari16.4'];

/** The embed's rules travel inside the script, without the spaces. */
const cssAsText = {
  name: 'css-as-text',
  setup(bundle) {
    bundle.onLoad({ filter: /embed\.css$/ }, async ({ path }) => ({
      contents: (await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: ['chrome88', 'safari14'] })).code,
      loader: 'text',
    }));
  },
};

export async function buildInto(folder) {
  await mkdir(join(folder, 'console'), { recursive: true });
  await Promise.all([embed(folder), hostedPage(folder), consoleModules(folder), styles(folder), fonts(folder), vendored(folder)]);
}

// ASCII: a merchant's page may declare another charset, or none.
const shape = { bundle: true, minify: true, target, plugins: [cssAsText], legalComments: 'none', charset: 'ascii' };

async function embed(folder) {
  await build({ ...shape, entryPoints: [join(here, 'embed/global.ts')], format: 'iife', outfile: join(folder, 'tender.js') });
  await build({ ...shape, entryPoints: [join(here, 'embed/tender.ts')], format: 'esm', outfile: join(folder, 'tender.mjs') });
  await writeFile(join(folder, 'tender.d.ts'), await declarations());
}

async function hostedPage(folder) {
  await build({ ...shape, entryPoints: [join(here, 'pay/pay.ts')], format: 'esm', outfile: join(folder, 'pay.js') });
}

/** The types of embed/api.ts, and what the two scripts give. */
async function declarations() {
  const out = await mkdtemp(join(tmpdir(), 'tender-types-'));
  try {
    const options = ['--noEmit', 'false', '--emitDeclarationOnly', '--outDir', out, '--rootDir', here];
    await promisify(execFile)(join(here, 'node_modules/.bin/tsc'), ['-p', here, ...options]);
    const api = await readFile(join(out, 'embed/api.d.ts'), 'utf8');
    return `${api}
/** The same as \`window.Tender\` of \`tender.js\`; exported by \`tender.mjs\`. */
export declare const Tender: TenderFactory;
export default Tender;

declare global {
  interface Window {
    Tender: TenderFactory;
  }
}
`;
  } finally {
    await rm(out, { recursive: true });
  }
}

async function consoleModules(folder) {
  const entryPoints = (await readdir(join(here, 'console'))).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  await build({
    entryPoints: entryPoints.map((name) => join(here, 'console', name)),
    bundle: true,
    // Modules load each other by name, so that a page gets only what it uses.
    plugins: [{ name: 'siblings', setup: (bundle) => bundle.onResolve({ filter: /^\.\// }, sibling) }],
    format: 'esm',
    minify: true,
    legalComments: 'inline',
    charset: 'utf8',
    target: consoleTarget,
    outdir: join(folder, 'console'),
  });
}

function sibling({ path, importer, kind }) {
  const ours = kind !== 'entry-point' && importer.startsWith(join(here, 'console'));
  return ours ? { path: `${path}.js`, external: true } : undefined;
}

async function styles(folder) {
  for (const name of ['tender', 'pay', 'docs']) {
    await build({
      entryPoints: [join(here, `styles/${name}.css`)],
      bundle: true,
      minify: true,
      charset: 'utf8',
      external: ['*.woff2'],
      // No target: the colours are written for browsers that know them, and lowering them would double the file.
      outfile: join(folder, `${name}.css`),
    });
  }
}

async function fonts(folder) {
  for (const [family, file] of [['inter', 'inter'], ['jetbrains-mono', 'jetbrains-mono']]) {
    const source = join(here, `node_modules/@fontsource-variable/${family}`);
    for (const range of ['latin', 'latin-ext']) {
      await cp(join(source, `files/${file}-${range}-wght-normal.woff2`), join(folder, `fonts/${file}-${range}.woff2`));
    }
    await cp(join(source, 'LICENSE'), join(folder, `fonts/${file}-LICENSE.txt`));
  }
}

async function vendored(folder) {
  await cp(join(here, 'icon.svg'), join(folder, 'icon.svg'));
}

/** The C# file behind `Icon.razor`: the inside of each icon that icons.json names. */
export const iconsFile = join(here, '../Tender.Server/Console/Parts/IconShapes.cs');

export async function iconsSource() {
  const rows = [];
  for (const name of JSON.parse(await readFile(join(here, 'icons.json'), 'utf8'))) {
    const svg = await readFile(join(here, `node_modules/lucide-static/icons/${name}.svg`), 'utf8');
    const shapes = [...svg.slice(svg.indexOf('>', svg.indexOf('<svg'))).matchAll(/<(?!\/)[^>]+\/>/g)].map(([shape]) => shape.replace(' />', '/>'));
    rows.push(`        ["${name}"] = """${shapes.join('')}""",`);
  }
  return `// <auto-generated/>
// Made by src/tender.js/build.mjs from lucide-static (ISC licence, https://lucide.dev/license). Name further icons in icons.json.
using System.Collections.Frozen;

namespace Tender.Server.Console.Parts;

/// <summary>What each icon draws, by its Lucide name.</summary>
internal static class IconShapes
{
    public static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>(StringComparer.Ordinal)
    {
${rows.join('\n')}
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await rm(builtFolder, { recursive: true, force: true });
  await buildInto(builtFolder);
  await writeFile(iconsFile, await iconsSource());
}
