import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { elementRules } from "../css-plugins.mjs";
import { iconsUsed, sprite } from "../icons.mjs";

const here = (path) => new URL(path, import.meta.url);

test("of Tabler's style sheet only rules for elements are taken, without its variables", () => {
  const made = elementRules("body,html{margin:0;color:var(--tblr-x)}.btn{margin:0}a:hover{x:y}@media print{p{margin:1px}}h1{color:var(--tblr-h)}");
  assert.equal(made, "body,html{margin:0}");
});

test("an unknown icon stops the build", () => {
  assert.throws(() => sprite(["no-such-icon"], "node_modules/@tabler/icons"), /no Tabler icon/);
  assert.match(sprite(["check"], "node_modules/@tabler/icons"), /<symbol id="check" viewBox="0 0 24 24"><path/);
});

test("icons of templates and code are found", () => {
  const names = iconsUsed(new URL("../../..", import.meta.url).pathname, here("../icons.json"));
  for (const name of ["alert-triangle", "list-details", "menu-2"]) assert.ok(names.includes(name), name);
});

test("the first view stays within its budget", { skip: !existsSync(here("../../static/belvedere/shell.js")) }, () => {
  const out = here("../../static/belvedere/");
  const seen = new Set();
  const size = (file) => {
    if (seen.has(file.href)) return 0;
    seen.add(file.href);
    const code = readFileSync(file);
    let sum = gzipSync(code).length;
    for (const [, next] of code.toString().matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)) sum += size(new URL(next, file));
    return sum;
  };
  const first = size(new URL("shell.js", out)) + size(new URL("theme.js", out));
  assert.ok(first < 60_000, `first view: ${first} bytes`);
  const shell = readFileSync(new URL("shell.js", out), "utf8");
  const chunk = (name) => new URL(shell.match(new RegExp(`chunks/${name}-[A-Z0-9]+\\.js`))[0], out);
  const chart = size(chunk("chart"));
  const map = size(chunk("map")) + gzipSync(readFileSync(new URL("map-worker.mjs", out))).length;
  assert.ok(first + chart <= 300_000, `with a chart: ${first + chart} bytes`);
  assert.ok(first + map <= 650_000, `with a map: ${first + map} bytes`);
});
