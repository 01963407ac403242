// `npm run types`: generates from the Rust types those of TypeScript, the formats of the machine's memory, the schema that
// editors read and the one that the reader uses in the browser, and the reference part of docs/scenario.md; from the engine
// how many events the lines of the shipped scenarios take. With --check it writes nothing, and fails if a file is not what it would write.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Failure, root, run } from './lib/command.mjs';
import { development } from './lib/development.mjs';
import { readOptions } from './lib/options.mjs';
import { command } from './lib/steps.mjs';

const typesFile = join(root, 'web/src/generated/types.d.ts');
const machineFile = join(root, 'web/src/generated/machine.ts');
const lengthsFile = join(root, 'web/src/generated/run-lengths.json');
const readerFile = join(root, 'crate/engine/src/scenario/document/schema.json');
const schemaFile = join(root, 'docs/scenario-1.schema.json');
const referenceFile = join(root, 'docs/scenario.md');

/** The line of the reference after which everything is generated. */
const MADE = '<!-- What follows is made from the schema by `npm run types`. -->\n\n';

/** @typedef {Record<string, unknown> & {$defs?: Record<string, Schema>, properties?: Record<string, Schema>}} Schema */

/**
 * Makes one schema of all types: each becomes a definition, and the definitions of each are shared.
 * @param {Record<string, Schema>} schemas
 * @returns {Schema}
 */
function together(schemas) {
  /** @type {Record<string, Schema>} */
  const definitions = {};
  for (const [name, { $schema, $id, $defs = {}, ...schema }] of Object.entries(schemas)) {
    for (const [inner, definition] of Object.entries($defs)) {
      const named = { ...definition, title: inner };
      const known = definitions[inner] ?? named;
      if (JSON.stringify(known) !== JSON.stringify(named)) {
        throw new Failure(`two types are called ${inner}`, 'rename one of them in Rust');
      }
      definitions[inner] = named;
    }
    definitions[name] = { ...schema, title: name };
  }
  const properties = Object.fromEntries(
    Object.keys(definitions).map((name) => [name, { $ref: `#/$defs/${name}` }]),
  );
  return { title: 'Types', type: 'object', properties, $defs: definitions };
}

/**
 * Reduces a schema to what TypeScript can say, in the words that the generator understands: a reference with a
 * description beside it would be copied out as a type of its own, and "one of these keys at least" cannot be said.
 * @param {unknown} value
 * @returns {unknown}
 */
function referring(value) {
  if (Array.isArray(value)) return value.map(referring);
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = /** @type {Schema} */ (value);
  const isDemand = (/** @type {object} */ branch) => Object.keys(branch).join() === 'required';
  if (Array.isArray(rest.anyOf) && rest.anyOf.every(isDemand)) delete rest.anyOf;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, part]) => [key, referring(part)]),
  );
  if ($ref === undefined) return inner;
  const { description } = rest;
  return description === undefined ? { $ref } : { description, allOf: [{ $ref }] };
}

/** One scenario a line. @param {Record<string, number[]>} lengths */
function lengthsText(lengths) {
  const rows = Object.entries(lengths).map((row) =>
    row.map((part) => JSON.stringify(part)).join(': '),
  );
  return `{\n  ${rows.join(',\n  ')}\n}\n`;
}

/** @returns {Promise<[file: string, text: string][]>} */
async function generate() {
  const { stdout } = await run(
    'cargo',
    ['run', '--quiet', ...development('types'), '--', 'types'],
    {
      output: 'hide',
      cure: 'see what the compiler said above',
    },
  );
  const { types, schema, reader, reference, machine, lengths } = JSON.parse(stdout);
  const [byHand, made] = readFileSync(referenceFile, 'utf8').split(MADE);
  if (made === undefined) {
    throw new Failure('docs/scenario.md says nowhere what is made', `it has the line ${MADE}`);
  }
  const { compile } = await import('json-schema-to-typescript');
  const text = await compile(/** @type {any} */ (referring(together(types))), 'Types', {
    additionalProperties: false,
    bannerComment: '// Made from the Rust types by `npm run types`. Do not edit.',
    style: { singleQuote: true, printWidth: 100 },
  });
  return [
    [typesFile, text],
    [machineFile, machine],
    [readerFile, reader],
    [schemaFile, `${schema}\n`],
    [lengthsFile, lengthsText(lengths)],
    [referenceFile, byHand + MADE + reference],
  ];
}

await command(1, async () => {
  const { check } = readOptions('usage: npm run types -- [--check]', {
    check: { type: 'boolean', default: false },
  });
  for (const [file, text] of await generate()) {
    if (!check) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`wrote ${relative(root, file)}`);
    } else if (readFileSync(file, 'utf8') !== text) {
      throw new Failure(
        `${relative(root, file)} is not current`,
        'npm run types, and commit the file',
      );
    }
  }
});
