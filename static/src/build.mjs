// Writes every file that static.go embeds, from the sources and the pinned packages. The same inputs give the same bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = new URL("../", import.meta.url).pathname;
const from = (path) => new URL(`node_modules/${path}`, import.meta.url).pathname;

execFileSync(from(".bin/tailwindcss"), ["--input", "css/app.css", "--output", `${out}app.css`, "--minify"], {
  cwd: new URL(".", import.meta.url).pathname,
  stdio: ["ignore", "ignore", "inherit"],
});

await build({
  entryPoints: [new URL("app/main.js", import.meta.url).pathname],
  outfile: `${out}app.js`,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
});

// Without the source map comments: the maps are not served.
for (const [name, path] of [["htmx.min.js", "htmx.org/dist/htmx.min.js"], ["hx-sse.min.js", "htmx.org/dist/ext/hx-sse.min.js"]]) {
  writeFileSync(out + name, readFileSync(from(path), "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

// The font's address carries its content hash, as static.Path would give it.
const font = readFileSync(from("vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2"));
writeFileSync(`${out}vazirmatn.woff2`, font);
const version = createHash("sha256").update(font).digest("hex").slice(0, 12);
writeFileSync(`${out}app.css`, readFileSync(`${out}app.css`, "utf8").replace("vazirmatn.woff2", `vazirmatn.woff2?v=${version}`));

copyFileSync(from("vazirmatn/OFL.txt"), `${out}licenses/vazirmatn-OFL.txt`);
copyFileSync(from("htmx.org/LICENSE"), `${out}licenses/htmx-LICENSE.txt`);
copyFileSync(from("daisyui/LICENSE"), `${out}licenses/daisyui-LICENSE.txt`);
copyFileSync(from("tailwindcss/LICENSE"), `${out}licenses/tailwindcss-LICENSE.txt`);
