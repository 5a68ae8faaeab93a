// Builds what the browser loads from npm packages and our own sources into static/dist. Run by set-up: `npm run build`.
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";
import { cp, glob, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const from = (...parts) => path.join(root, "node_modules", ...parts);
const finished = path.join(root, "static", "dist");
const out = path.join(root, "static", `.dist-${process.pid}`);
const APPS = ["tyoparkki", "team", "services", "clients", "employers", "visits", "feedback", "reports"];

const FONTS = {
  "@fontsource-variable/source-sans-3": [
    "source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-latin-ext-wght-normal.woff2",
    "source-sans-3-cyrillic-wght-normal.woff2",
    "source-sans-3-cyrillic-ext-wght-normal.woff2",
  ],
  "@fontsource-variable/noto-sans-arabic": ["noto-sans-arabic-arabic-wght-normal.woff2"],
};

// Every icon's drawing without its outer element, for an administrator may choose any of them (icons.json); those that
// our own pages and programs name stand together in one file that each browser keeps (icons.svg).
async function icons() {
  const drawings = {};
  for (const file of (await readdir(from("bootstrap-icons", "icons"))).sort()) {
    const svg = await readFile(from("bootstrap-icons", "icons", file), "utf8");
    drawings[path.basename(file, ".svg")] = svg
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s+/g, " ")
      .trim();
  }
  await writeFile(path.join(out, "icons.json"), JSON.stringify(drawings));
  const named = new Set();
  for (const place of ["templates", ...APPS])
    for await (const file of glob(path.join(root, place, "**", "*.{html,py}"))) {
      const text = await readFile(file, "utf8");
      const places = file.endsWith(".html") ? (text.match(/{% icon [^%]*%}/g) ?? []).join(" ") : text;
      for (const [, name] of places.matchAll(/["']([a-z0-9-]+)["']/g)) if (name in drawings) named.add(name);
    }
  const symbols = [...named].sort().map((name) => `<symbol id="${name}" viewBox="0 0 16 16">${drawings[name]}</symbol>`);
  await writeFile(path.join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// Of Bootstrap only the rules whose classes stand in our pages, programs and scripts, or in its form templates.
async function bootstrap() {
  const places = ["templates", "static/js", ...APPS].map((place) => path.join(root, place, "**", "*.{html,py,js}"));
  const [{ css }] = await new PurgeCSS().purge({
    css: [from("bootstrap", "dist", "css", "bootstrap.css")],
    content: places,
    variables: false,
    safelist: {
      standard: [/^form-/, /^input-group/, /^is-(in)?valid$/, /^invalid-feedback$/, /^(row|col|col-form-label)$/, /^btn/],
      greedy: [/^visually-hidden/],
    },
    blocklist: [/^(navbar|carousel|offcanvas|accordion|toast|popover|tooltip|modal|dropdown|placeholder|spinner|progress)/],
  });
  await writeFile(path.join(out, "bootstrap.css"), css);
}

await mkdir(path.join(out, "fonts"), { recursive: true });
for (const [name, files] of Object.entries(FONTS))
  for (const file of files) await cp(from(name, "files", file), path.join(out, "fonts", file));
await cp(path.join(root, "static", "img"), path.join(out, "img"), { recursive: true });

await bootstrap();
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
  alias: { "bootstrap-in-use": path.join(out, "bootstrap.css") },
  legalComments: "linked",
  logLevel: "warning",
});
await rm(path.join(out, "bootstrap.css"));
await icons();
// What is served is replaced whole, never half.
await rm(finished, { recursive: true, force: true });
await rename(out, finished);
