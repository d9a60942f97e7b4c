/* Builds the browser side of Belvédère into static/belvedere/ (git-ignored).
 *
 * node build.mjs [--watch]   Prints each file with its size and its size on the wire (gzip).
 *
 * What goes in: shell/, map/, chart/ (TypeScript), css/, fonts, the icon sprite, and whatever a page brings
 * in pages/<domain>/assets/*.{ts,css}, which comes out as pages/<domain>/<name>.{js,css}.
 */
import { context, build as esbuild } from "esbuild";
import { createRequire } from "node:module";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { darkToo, reboot } from "./css-plugins.mjs";
import { iconsUsed, sprite } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, "..");
const out = join(web, "static/belvedere");
const packageDir = (name) => {
  const from = createRequire(import.meta.url).resolve.paths(name).map((p) => join(p, name)).find(existsSync);
  if (!from) throw new Error(`${name} is not installed: run npm ci`);
  return from;
};

/** pages/<domain>/assets/<name>.{ts,css}: entry points of the pages, a few files each at most. */
function pageEntries() {
  const entries = {};
  const pages = join(web, "pages");
  for (const domain of existsSync(pages) ? readdirSync(pages) : []) {
    const folder = join(pages, domain, "assets");
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder))
      if (/^[a-z0-9-]+\.(ts|css)$/.test(file)) {
        const name = `pages/${domain}/${file.replace(/\.(ts|css)$/, "")}`;
        entries[file.endsWith(".css") ? `${name}:css` : name] = join(folder, file);
      }
  }
  return entries;
}

function options() {
  const pages = pageEntries();
  const scripts = { shell: join(here, "shell/main.ts") };
  const styles = { map: join(here, "css/entry-map.css"), cockpit: join(here, "css/entry-cockpit.css"), portal: join(here, "css/entry-portal.css") };
  for (const [name, path] of Object.entries(pages))
    if (name.endsWith(":css")) styles[name.slice(0, -4)] = path;
    else scripts[name] = path;
  const common = { bundle: true, minify: true, outdir: out, logLevel: "warning", target: ["es2022", "chrome111", "firefox113", "safari16.4"], legalComments: "linked" };
  return [
    { ...common, entryPoints: scripts, format: "esm", splitting: true, chunkNames: "chunks/[name]-[hash]", sourcemap: true },
    // In the head, before the first paint: the stored theme and the folded rail. A classic script, tiny.
    { ...common, entryPoints: { theme: join(here, "shell/theme.ts") }, format: "iife" },
    { ...common, entryPoints: styles, external: ["./fonts/*", "/static/*"], plugins: [darkToo(), reboot(packageDir("@tabler/core"))] },
  ];
}

function copyFonts() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  for (const [family, files] of [
    ["inter", ["latin-wght-normal", "latin-ext-wght-normal", "latin-wght-italic"]],
    ["source-sans-3", ["latin-wght-normal", "latin-ext-wght-normal"]],
  ])
    for (const file of files)
      copyFileSync(join(packageDir(`@fontsource-variable/${family}`), "files", `${family}-${file}.woff2`), join(out, "fonts", `${family}-${file}.woff2`));
}

function writeIcons() {
  const names = iconsUsed(resolve(web, "../.."), join(here, "icons.json"));
  writeFileSync(join(out, "icons.svg"), sprite(names, packageDir("@tabler/icons")));
}

/** .gz and .br beside each file, for the server to choose from: nothing is compressed while a page waits. */
function compress(files) {
  const made = [];
  for (const path of files) {
    if (!/\.(js|mjs|css|svg)$/.test(path)) continue;
    const bytes = readFileSync(path);
    for (const [ending, small] of [[".gz", gzipSync(bytes, { level: 9 })], [".br", brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })]])
      if (small.length < bytes.length) {
        writeFileSync(path + ending, small);
        made.push(path + ending);
      }
  }
  return made;
}

function report(folder = out) {
  const rows = [];
  const walk = (dir) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (/\.(js|mjs|css|svg)$/.test(name)) {
        const bytes = readFileSync(path);
        rows.push([relative(folder, path), bytes.length, gzipSync(bytes).length]);
      }
    }
  };
  walk(folder);
  for (const [name, raw, gz] of rows.sort((a, b) => b[2] - a[2])) console.log(`${String(Math.ceil(gz / 1024)).padStart(6)} kB gz ${String(Math.ceil(raw / 1024)).padStart(6)} kB  ${name}`);
}

/** What an earlier build left. Taken away last, so that a running platform never misses a file. */
function removeStale(kept) {
  const walk = (dir) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (!kept.has(path)) rmSync(path);
    }
  };
  walk(out);
}

const watch = process.argv.includes("--watch");
mkdirSync(out, { recursive: true });
copyFonts();
writeIcons();
// The map's worker runs from its own file: same origin, so that the content security policy needs no blob:.
copyFileSync(join(packageDir("maplibre-gl"), "dist/maplibre-gl-worker.mjs"), join(out, "map-worker.mjs"));
copyFileSync(join(here, "logo.svg"), join(out, "logo.svg"));
if (watch) {
  for (const option of options()) await (await context(option)).watch();
  console.log("watching; a new icon needs a new start");
} else {
  const results = await Promise.all(options().map((option) => esbuild({ ...option, metafile: true })));
  const written = new Set(results.flatMap((result) => Object.keys(result.metafile.outputs)).map((path) => resolve(path)));
  for (const name of ["icons.svg", "logo.svg", "map-worker.mjs", ...readdirSync(join(out, "fonts")).map((file) => `fonts/${file}`)]) written.add(join(out, name));
  for (const path of compress(written)) written.add(path);
  removeStale(written);
  report();
}
