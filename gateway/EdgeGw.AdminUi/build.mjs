// Bundles src/ into the folder given: assets under names that change with their content, index.html that names them, the licences of what is inside; each file as .br and .gz, never plain.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const out = process.argv[2];
if (!out) throw new Error("usage: node build.mjs FOLDER");

const result = await build({
  entryPoints: { app: "src/main.tsx", theme: "src/app/theme-first.ts" },
  outdir: "out",
  entryNames: "assets/[name]-[hash]",
  chunkNames: "assets/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2023"],
  minify: true,
  write: false,
  metafile: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".woff2": "file", ".svg": "file" },
  legalComments: "none",
});

const files = new Map(result.outputFiles.map((file) => [file.path.slice(join(process.cwd(), "out").length + 1), Buffer.from(file.contents)]));
const outputOf = (entry) => Object.entries(result.metafile.outputs).find(([, made]) => made.entryPoint === entry);
const [app, made] = outputOf("src/main.tsx");
const [theme] = outputOf("src/app/theme-first.ts");
const served = (path) => "/admin/" + path.replace(/^out\//, "");
const icon = await readFile("src/favicon.svg");
const iconName = `assets/favicon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
files.set(iconName, icon);
const index = (await readFile("src/index.html", "utf8"))
  .replace("{theme}", served(theme))
  .replace("{style}", served(made.cssBundle))
  .replace("{app}", served(app))
  .replace("{icon}", "/admin/" + iconName)
  // What the first page needs beside the entry, asked for at once.
  .replace("{preload}", made.imports.filter((used) => used.kind === "import-statement").map((used) => `<link rel="modulepreload" href="${served(used.path)}">`).join(""));
files.set("index.html", Buffer.from(index));
files.set("licenses.txt", Buffer.from(await licences(Object.keys(result.metafile.inputs))));

await rm(out, { recursive: true, force: true });
for (const [name, content] of files) {
  const path = join(out, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path + ".br", brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  await writeFile(path + ".gz", gzipSync(content, { level: 9 }));
}

// The packages whose code is in the bundle, each with its licence's text.
async function licences(inputs) {
  const packages = [...new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean))].sort();
  const texts = await Promise.all(packages.map(async (name) => {
    const folder = join("node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    return `${name} ${about.version} (${about.license})\n\n${licence ? (await readFile(join(folder, licence), "utf8")).trim() : ""}\n`;
  }));
  return "The Admin UI contains these packages.\n\n" + texts.join("\n----\n\n");
}
