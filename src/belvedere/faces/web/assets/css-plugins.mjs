/* Two small esbuild plugins for the style sheets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** tokens.css: the dark block once more under `prefers-color-scheme`, for pages without script or choice. */
export const darkToo = () => ({
  name: "dark-too",
  setup(build) {
    build.onLoad({ filter: /[\\/]tokens\.css$/ }, ({ path }) => {
      const css = readFileSync(path, "utf8");
      const dark = css.match(/\[data-theme="dark"\] \{([^}]*)\}/);
      if (!dark) throw new Error("tokens.css has no [data-theme=\"dark\"] block");
      return { loader: "css", contents: `${css}\n@media (prefers-color-scheme: dark) { :root:not([data-theme]) {${dark[1]}} }\n` };
    });
  },
});

/** `@import "belvedere:reboot"`: the rules of Tabler's style sheet that name elements only (its reset). */
export const reboot = (tabler) => ({
  name: "reboot",
  setup(build) {
    build.onResolve({ filter: /^belvedere:reboot$/ }, ({ path }) => ({ path, namespace: "reboot" }));
    build.onLoad({ filter: /.*/, namespace: "reboot" }, () => ({ loader: "css", contents: elementRules(readFileSync(join(tabler, "dist/css/tabler.css"), "utf8")) }));
  },
});

/** Element selectors with their declarations, without what needs Tabler's own variables. */
export function elementRules(css) {
  const kept = [];
  let depth = 0;
  let start = 0;
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  for (let at = 0; at < plain.length; at++) {
    const char = plain[at];
    if (char === "}" && --depth === 0) {
      const [selector, body] = splitRule(plain.slice(start, at));
      start = at + 1;
      if (!/^[a-z0-9\s,]+$/.test(selector) || /\b(from|to)\b/.test(selector)) continue;
      const own = body.split(";").map((d) => d.trim()).filter((d) => d && !d.includes("--tblr-"));
      if (own.length) kept.push(`${selector}{${own.join(";")}}`);
    } else if (char === "{") depth++;
  }
  return kept.join("\n");
}

function splitRule(rule) {
  const at = rule.indexOf("{");
  return [rule.slice(0, at).trim(), rule.slice(at + 1)];
}
