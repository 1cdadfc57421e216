// Bundles the pages into built/: hashed names, one manifest that tells what is what.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";

const OUT = process.argv[2] ?? "built";

// What does not compile has been told by esbuild already: no stack of ours after it.
process.on("uncaughtException", (error) => {
  if (!error.errors) console.error(error);
  process.exit(1);
});
const TARGET = ["es2020", "chrome87", "safari15"];

const shared = {
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: TARGET,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "empty" },
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "linked",
  logLevel: "warning",
  logLimit: 10,
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const ENTRIES = new Set([
  "phone.js", "phone-style.css", "map-style.css", "map-worker.js", "desk.js", "desk-style.css",
  "dashboard.js", "dashboard-style.css", "wards.js", "wards-style.css",
]);
const entries = {
  ...shared,
  splitting: true,
  entryPoints: {
    phone: "phone/main.tsx",
    "phone-style": "phone/phone.css",
    "map-style": "phone/around/map.css",
    "map-worker": "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs",
  },
};
const apart = await build({ ...entries, write: false });
const pages = await build({ ...entries, plugins: [together(firstScreen(apart.metafile))] });
const files = entriesOf(pages.metafile);
const shell = staticImports(pages.metafile, files["phone.js"]);
const parts = lazyParts(pages.metafile, files["phone.js"]);
const fonts = outputsOf(pages.metafile).filter((name) => name.endsWith(".woff2"));
const map = parts.filter((name) => bytesOf(pages.metafile, name) > 300_000);

const ofFirebase = parts.filter((name) => holds(pages.metafile, name, "node_modules/@firebase/"));
const seldom = new Set([...map, ...ofFirebase]); // fetched when first needed, kept from then on

const desk = await build({
  ...shared,
  splitting: true,
  entryPoints: { desk: "console/main.ts", "desk-style": "console/console.css" },
});
const dashboard = await build({
  ...shared,
  splitting: true,
  entryPoints: { dashboard: "dashboard/main.ts", "dashboard-style": "dashboard/dashboard.css" },
});
const wards = await build({
  ...shared,
  entryPoints: { wards: "wards/main.ts", "wards-style": "wards/wards.css" },
});
const sprite = await iconSheet(JSON.parse(await readFile("design/icons.json", "utf8")));

// For paper: the whole fonts, which what sets the printed reports reads as files (`reports/figures/frozen/`).
const WHOLE = "node_modules/@expo-google-fonts/be-vietnam-pro";
await copyFile(`${WHOLE}/400Regular/BeVietnamPro_400Regular.ttf`, `${OUT}/paper-400.ttf`);
await copyFile(`${WHOLE}/600SemiBold/BeVietnamPro_600SemiBold.ttf`, `${OUT}/paper-600.ttf`);

const manifest = {
  files: { ...files, ...entriesOf(desk.metafile), ...entriesOf(dashboard.metafile), ...entriesOf(wards.metafile), "desk-icons.svg": sprite }, // the names that pages ask for → the hashed names
  shell: [files["phone.js"], ...shell, files["phone-style.css"]],
  later: [...parts.filter((name) => !seldom.has(name)), ...fonts],
  map: [...map, files["map-style.css"], files["map-worker.js"]],
};
manifest.build = createHash("sha256").update(JSON.stringify(manifest)).digest("hex").slice(0, 12);

await build({
  ...shared,
  format: "iife",
  entryPoints: { sw: "phone/sw/worker.ts" },
  entryNames: "[name]",
  define: {
    ...shared.define,
    __BUILD__: JSON.stringify(manifest.build),
    __KEEP__: JSON.stringify([...manifest.shell, ...manifest.later]),
  },
});
await writeFile(`${OUT}/manifest.json`, JSON.stringify(manifest, null, 1));

/** Our own modules that the first screen needs. */
function firstScreen(meta) {
  const start = entriesOf(meta)["phone.js"];
  return [start, ...staticImports(meta, start)]
    .flatMap((name) => Object.keys(meta.outputs[`${OUT}/${name}`].inputs))
    .filter((path) => path.startsWith("phone/") && path !== "phone/main.tsx");
}

/** Splitting makes a file for each set of screens that share something: a dozen small ones for the
 * first screen, each a request on two bars of signal. They are there by the time another screen is
 * fetched, so every screen may as well import them all: then they are shared by all, and are one. */
function together(modules) {
  const imports = modules.map((path) => `import ${JSON.stringify(resolve(path))};`).join("");
  const screens = new Set();
  return {
    name: "together",
    setup(pass) {
      pass.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind === "dynamic-import") screens.add(resolve(resolveDir, path));
      });
      pass.onLoad({ filter: /\/phone\/.*\.tsx?$/ }, async ({ path }) => {
        if (!screens.has(path.replace(/\.tsx?$/, ""))) return undefined;
        const text = await readFile(path, "utf8");
        return { contents: text + imports, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}

/** Lucide's icons in one file, each a symbol by its name, for pages that the server draws. */
async function iconSheet(names) {
  const drawn = await Promise.all(names.map(async (name) => {
    const { default: shapes } = await import(`./node_modules/lucide/dist/esm/icons/${name}.mjs`);
    const inside = shapes.map(([tag, attributes]) => `<${tag}${attributesOf(attributes)}/>`).join("");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" ` +
      `stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
  }));
  const licence = "<!-- Lucide (ISC), https://lucide.dev/license -->";
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg">${licence}${drawn.join("")}</svg>`;
  const mark = createHash("sha256").update(sheet).digest("hex").slice(0, 8).toUpperCase();
  const name = `desk-icons-${mark}.svg`;
  await writeFile(`${OUT}/${name}`, sheet);
  return name;
}

function attributesOf(attributes) {
  return Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
}

function outputsOf(meta) {
  return Object.keys(meta.outputs).map((path) => relative(OUT, path));
}

/** "phone.js" → "phone-ABC.js", for each entry point. */
function entriesOf(meta) {
  const found = {};
  for (const [path, output] of Object.entries(meta.outputs)) {
    if (!output.entryPoint || path.endsWith(".map")) continue;
    const name = basename(path).replace(/-[A-Z0-9]{8}(?=\.)/, "");
    if (ENTRIES.has(name)) {
      found[name] = relative(OUT, path);
    }
  }
  return found;
}

/** What an output imports at once, and what that imports. */
function staticImports(meta, start, seen = new Set()) {
  for (const { path, kind } of meta.outputs[`${OUT}/${start}`].imports) {
    const name = relative(OUT, path);
    if (kind !== "import-statement" || seen.has(name)) continue;
    seen.add(name);
    staticImports(meta, name, seen);
  }
  return [...seen];
}

/** What is loaded when a screen is first shown. */
function lazyParts(meta, start) {
  const first = new Set([start, ...staticImports(meta, start)]);
  return outputsOf(meta).filter(
    (name) => name.endsWith(".js") && !first.has(name) && !name.startsWith("map-worker"),
  );
}

function holds(meta, name, folder) {
  return Object.keys(meta.outputs[`${OUT}/${name}`].inputs).some((path) => path.startsWith(folder));
}

function bytesOf(meta, name) {
  return meta.outputs[`${OUT}/${name}`].bytes;
}
