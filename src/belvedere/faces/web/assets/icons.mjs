/* The icon sprite: the Tabler icons that the templates and the code name, and no others. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const IN_TEMPLATE = [/\{%\s*icon\s+"([a-z0-9-]+)"/g, /\bicon="([a-z0-9-]+)"/g];
const IN_PYTHON = [/\bicon\s*[=:]\s*"([a-z0-9-]+)"/g, /"icon":\s*"([a-z0-9-]+)"/g];
const IN_SCRIPT = [/\bicon\("([a-z0-9-]+)"/g];

/** Names found in the sources under `root`, with those of `extra` (a JSON list: names chosen by data). */
export function iconsUsed(root, extra) {
  const names = new Set(JSON.parse(readFileSync(extra, "utf8")));
  const walk = (dir) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      if (["static", "node_modules", "__pycache__", "locale"].includes(name)) continue;
      if (statSync(path).isDirectory()) walk(path);
      else {
        const patterns = name.endsWith(".html") ? IN_TEMPLATE : name.endsWith(".py") ? IN_PYTHON : name.endsWith(".ts") ? IN_SCRIPT : [];
        if (!patterns.length) continue;
        const text = readFileSync(path, "utf8");
        for (const pattern of patterns) for (const match of text.matchAll(pattern)) names.add(match[1]);
      }
    }
  };
  walk(root);
  return [...names].sort();
}

/** One SVG file of <symbol>s. An unknown name stops the build: a page must not show a hole. */
export function sprite(names, tablerIcons) {
  const symbols = names.map((name) => {
    const filled = name.endsWith("-filled");
    const file = filled ? join(tablerIcons, "icons/filled", `${name.slice(0, -7)}.svg`) : join(tablerIcons, "icons/outline", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`There is no Tabler icon “${name}”. See https://tabler.io/icons`);
    const body = readFileSync(file, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24"${filled ? ' fill="currentColor" stroke="none"' : ""}>${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
