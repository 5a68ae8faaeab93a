// Builds what the browser loads from npm packages and our own sources into static/dist. Run by set-up: `npm run build`.
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const from = (...parts) => path.join(root, "node_modules", ...parts);
const out = path.join(root, "static", "dist");

const FONTS = {
  "@fontsource-variable/source-sans-3": [
    "source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-latin-ext-wght-normal.woff2",
    "source-sans-3-cyrillic-wght-normal.woff2",
    "source-sans-3-cyrillic-ext-wght-normal.woff2",
  ],
  "@fontsource-variable/noto-sans-arabic": ["noto-sans-arabic-arabic-wght-normal.woff2"],
};

// The icons that our sources name; each file is read once and its drawing kept without the outer element.
async function icons() {
  const known = new Set((await readdir(from("bootstrap-icons", "icons"))).map((file) => file.replace(/\.svg$/, "")));
  const used = new Set();
  for (const folder of ["templates", "team", "visits", "clients", "employers", "services", "feedback", "reports", "tyoparkki"]) {
    for (const file of await readdir(path.join(root, folder), { recursive: true }).catch(() => [])) {
      if (!/\.(html|py|json|csv)$/.test(file)) continue;
      const text = await readFile(path.join(root, folder, file), "utf8");
      for (const [, name] of text.matchAll(/["']([a-z0-9][a-z0-9-]{1,40})["']/g)) if (known.has(name)) used.add(name);
    }
  }
  const drawings = {};
  for (const name of [...used].sort()) {
    const svg = await readFile(from("bootstrap-icons", "icons", `${name}.svg`), "utf8");
    drawings[name] = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").trim();
  }
  await writeFile(path.join(out, "icons.json"), JSON.stringify(drawings));
}

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "fonts"), { recursive: true });
for (const [name, files] of Object.entries(FONTS))
  for (const file of files) await cp(from(name, "files", file), path.join(out, "fonts", file));
await cp(path.join(root, "static", "img"), path.join(out, "img"), { recursive: true });

const css = await readdir(path.join(root, "static", "css"));
const js = await readdir(path.join(root, "static", "js"));
await build({
  absWorkingDir: root,
  entryPoints: [
    ...css.filter((file) => /^(app|kiosk|print)\.css$/.test(file)).map((file) => `static/css/${file}`),
    ...js.filter((file) => file.endsWith(".entry.js")).map((file) => ({ in: `static/js/${file}`, out: file.replace(".entry.js", "") })),
  ].map((entry) => (typeof entry === "string" ? { in: entry, out: path.basename(entry, ".css") } : entry)),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome120", "firefox121", "safari17"],
  external: ["*.woff2"],
  legalComments: "linked",
  logLevel: "warning",
});
await icons();
