// The types of the SDK, so that whoever uses it needs nothing but its one file: declarations by tsc, and the messages of the wire without the library that checks them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A schema as the type that TypeScript gives it. */
function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  // which voices there are, each service says for itself
  if (schema.enum?.[0] === '') return 'string';
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const one = schema.anyOf ?? schema.oneOf;
  if (one) return one.map(typeOf).join(' | ');
  if (schema.type === 'array') return Array.isArray(schema.items) ? `[${schema.items.map(typeOf).join(', ')}]` : `(${typeOf(schema.items)})[]`;
  if (schema.type === 'object' && schema.properties) return fieldsOf(schema);
  if (schema.type === 'object') return `Record<string, ${schema.additionalProperties ? typeOf(schema.additionalProperties) : 'unknown'}>`;
  return { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }[schema.type] ?? 'unknown';
}

function fieldsOf({ properties, required = [] }) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const about = schema.description ? `/** ${schema.description.replaceAll('*/', '')} */ ` : '';
    return `${about}${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `{ ${fields.join(' ')} }`;
}

/** The messages as types of their own; a client may leave out what has a default. */
async function messages(root) {
  const wire = await import(join(root, 'src/wire/coach.ts'));
  const described = {
    SessionRequest: [wire.sessionRequest(['']), 'input'],
    SessionAnswer: [wire.sessionAnswer, 'output'],
    ClientMessage: [wire.clientMessage, 'input'],
    ServerMessage: [wire.serverMessage, 'output'],
    Feedback: [wire.feedback, 'output'],
    SessionState: [wire.sessionState, 'output'],
    CorrectionRequest: [wire.correctionRequest, 'input'],
  };
  return Object.entries(described)
    .map(([name, [schema, io]]) => `export type ${name} = ${typeOf(z.toJSONSchema(schema, { io }))};\n`)
    .join('\n');
}

/** Writes the types of the SDK into a folder: `client/coach.d.ts` is where to begin. */
export async function types(root, folder) {
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--outDir', folder, '--rootDir', 'src', '--target', 'esnext'];
  const how = [
    '--module',
    'nodenext',
    '--lib',
    'esnext,dom,dom.iterable',
    '--strict',
    '--skipLibCheck',
    '--exactOptionalPropertyTypes',
    '--allowImportingTsExtensions',
  ];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '--ignoreConfig', 'src/client/coach.ts', ...options, ...how, '--types', ''], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`the types of the SDK could not be written: ${run.stdout}${run.stderr}`);
  for (const file of readdirSync(join(folder, 'wire'))) rmSync(join(folder, 'wire', file));
  writeFileSync(join(folder, 'wire/coach.d.ts'), await messages(root));
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
}
