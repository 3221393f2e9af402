/* Judges values by OCTO's own zod schemas: a JSON line {schema, value} in, a JSON line with what is wrong out.

   The schemas drop keys they do not know, so a key that is gone from what they give back is none of OCTO's. */
const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const octo = createRequire(path.resolve(process.argv[2], "judge.cjs"))("@octocloud/types");

function unknown(value, known, where) {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknown(item, known[index], `${where}.${index}`));
  return Object.keys(value).flatMap((key) =>
    key in known ? unknown(value[key], known[key], `${where}.${key}`) : [`${where}.${key}: not a field of OCTO's`],
  );
}

function judge({ schema, value }) {
  if (!(schema in octo)) return [`no schema ${schema}`];
  const result = octo[schema].safeParse(value);
  if (result.success) return unknown(value, result.data, schema);
  return result.error.issues.map((issue) => `${schema}.${issue.path.join(".")}: ${issue.message}`);
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(judge(JSON.parse(line)))}\n`);
});
