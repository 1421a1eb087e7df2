// Builds static/dist/hub from the sources beside this file: styles, scripts, type and drawings.
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const fresh = join(here, "dist", ".hub-building");
const out = join(here, "dist", "hub");

async function style(name) {
  const { css } = await sass.compileAsync(join(here, "scss", `${name}.scss`), {
    loadPaths: [join(here, "scss"), modules],
    style: "compressed",
    quietDeps: true,
  });
  if (css.includes("GDS Transport") || css.includes("/assets/")) {
    throw new Error(`${name}.css names a face or picture that belongs to GOV.UK`);
  }
  await writeFile(join(fresh, `${name}.css`), css);
}

async function fonts() {
  const files = join(modules, "@fontsource-variable", "atkinson-hyperlegible-next");
  await mkdir(join(fresh, "fonts"));
  for (const part of ["latin", "latin-ext"]) {
    await copyFile(
      join(files, "files", `atkinson-hyperlegible-next-${part}-wght-normal.woff2`),
      join(fresh, "fonts", `atkinson-${part}.woff2`),
    );
  }
  await copyFile(join(files, "LICENSE"), join(fresh, "fonts", "LICENSE.txt"));
}

async function scripts() {
  await esbuild.build({
    entryPoints: [join(here, "js", "hub.js")],
    bundle: true,
    format: "esm",
    minify: true,
    legalComments: "none",
    target: ["es2020"],
    nodePaths: [modules],
    outfile: join(fresh, "hub.js"),
  });
  await copyFile(join(here, "js", "enabled.js"), join(fresh, "enabled.js"));
  const htmx = await readFile(join(modules, "htmx.org", "dist", "htmx.min.js"), "utf8");
  await writeFile(join(fresh, "htmx.min.js"), htmx.replace(/\/\/# sourceMappingURL=.*$/m, ""));
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
await Promise.all([style("hub"), style("document"), fonts(), scripts(), cp(join(here, "svg"), join(fresh, "svg"), { recursive: true })]);
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
