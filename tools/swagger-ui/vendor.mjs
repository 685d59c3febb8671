// Copies the style sheet and the bundle of Swagger UI, packed, and the licences into the folder that is named.
// Run it with: npm ci --ignore-scripts && npm run vendor
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const from = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "node_modules", "swagger-ui-dist");
const to = process.argv[2];
mkdirSync(to, { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  const text = readFileSync(join(from, name), "utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n]*\n?/g, "\n");
  writeFileSync(join(to, name + ".gz"), gzipSync(text, { level: 9 }));
}
for (const [name, as] of [["LICENSE", "swagger-ui-license.txt"], ["NOTICE", "swagger-ui-notice.txt"], ["swagger-ui-bundle.js.LICENSE.txt", "swagger-ui-parts-licenses.txt"]]) {
  copyFileSync(join(from, name), join(to, as));
}
