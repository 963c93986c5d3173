import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Plugin } from "vite";

const WORTH_IT = /\.(js|css|svg|html)$/;

/** Leaves a .gz and a .br beside each file of the build that gets smaller; the server hands out what a browser takes. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const names = await readdir(dir, { recursive: true });
      await Promise.all(names.filter((name) => WORTH_IT.test(name)).map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string) {
  const content = await readFile(path);
  for (const [ending, encode] of [
    [".gz", promisify(gzip)],
    [".br", promisify(brotliCompress)],
  ] as const) {
    const smaller = await encode(content);
    if (smaller.length < content.length) await writeFile(path + ending, smaller);
  }
}
