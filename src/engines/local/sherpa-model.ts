import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The four files of a streaming transducer. */
export type SherpaFiles = { readonly encoder: string; readonly decoder: string; readonly joiner: string; readonly tokens: string };

/** A speech model that is complete and unharmed. */
export type SherpaModel = { readonly name: string; readonly folder: string; readonly files: SherpaFiles };

const roles = ['encoder', 'decoder', 'joiner', 'tokens'] as const;
const part = z.object({ file: z.string().regex(/^[^/\\]+$/), bytes: z.number().int().positive(), sha256: z.string() });
const seal = z.object({ name: z.string(), encoder: part, decoder: part, joiner: part, tokens: part });

/** The note that says which files were checked when the model came; without it nothing is loaded. */
const sealName = 'aside-model.json';

/** Where models live inside the data folder. */
export const modelsFolder = (dataDir: string): string => join(dataDir, 'models');

/** The files of a transducer in a folder, or what is missing. The small encoder and joiner are preferred, the exact decoder. */
export async function transducerIn(folder: string): Promise<SherpaFiles | string> {
  const names = await readdir(folder).catch(() => []);
  const pick = (role: string, small: boolean) => {
    const all = names.filter((name) => name.startsWith(role) && name.endsWith('.onnx')).sort();
    return all.find((name) => name.includes('.int8.') === small) ?? all[0];
  };
  const found = {
    encoder: pick('encoder', true),
    decoder: pick('decoder', false),
    joiner: pick('joiner', true),
    tokens: names.find((name) => name === 'tokens.txt'),
  };
  const missing = roles.filter((role) => !found[role]);
  if (missing.length > 0) return missing.join(', ');
  return {
    encoder: join(folder, found.encoder!),
    decoder: join(folder, found.decoder!),
    joiner: join(folder, found.joiner!),
    tokens: join(folder, found.tokens!),
  };
}

/** Writes down size and hash of a model's files, so that they can be trusted from now on. */
export async function sealModel(folder: string, name: string, files: SherpaFiles): Promise<void> {
  const entries = await Promise.all(
    roles.map(async (role) => [
      role,
      { file: files[role].slice(folder.length + 1), bytes: (await stat(files[role])).size, sha256: await sha256(files[role]) },
    ]),
  );
  await writeFile(join(folder, sealName), `${JSON.stringify({ name, ...Object.fromEntries(entries) }, null, 2)}\n`);
}

/** The first model in the data folder whose files are exactly those that were sealed; a harmed file would end the process that loads it. */
export async function findModel(dataDir: string): Promise<SherpaModel | undefined> {
  const folders = await readdir(modelsFolder(dataDir)).catch(() => []);
  for (const name of folders.sort()) {
    const model = await sealed(join(modelsFolder(dataDir), name));
    if (model) return model;
  }
  return undefined;
}

async function sealed(folder: string): Promise<SherpaModel | undefined> {
  const text = await readFile(join(folder, sealName), 'utf8').catch(() => '');
  const note = seal.safeParse(parsed(text));
  if (!note.success) return undefined;
  for (const role of roles) {
    const { file, bytes, sha256: hash } = note.data[role];
    const path = join(folder, file);
    const size = await stat(path).then(
      (found) => found.size,
      () => -1,
    );
    if (size !== bytes || (await sha256(path)) !== hash) return undefined;
  }
  const path = (role: (typeof roles)[number]) => join(folder, note.data[role].file);
  return {
    name: note.data.name,
    folder,
    files: { encoder: path('encoder'), decoder: path('decoder'), joiner: path('joiner'), tokens: path('tokens') },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The hash of a file. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
