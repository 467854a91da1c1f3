import { mediaDecoder } from '../../../src/audio/media.ts';
import { sniff } from '../../../src/audio/sniff.ts';
import { joined } from '../wav.ts';
import { wrong } from './openai-errors.ts';
import type { Visit } from './vendor-server.ts';

/** A form with a recording in it, as it was uploaded. */
export type Upload = { readonly samples: Int16Array; field(name: string): string | undefined; all(name: string): string[] };

const endings = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];
const largest = 25 * 1024 * 1024;

const unreadable = () => wrong('Audio file might be corrupted or unsupported', 'invalid_value', 'file');

/** Reads an upload as strictly as the vendor does: a form, a file whose name says its kind, at most 25 MB, and sound in it. */
export async function uploaded({ call, body, stop }: Visit): Promise<Upload> {
  const type = call.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) throw wrong('Invalid content type. Expected multipart/form-data.');
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = form.get('file');
  if (!(file instanceof File)) throw wrong("Missing required parameter: 'file'.", 'missing_required_parameter', 'file');
  if (!endings.includes(file.name.split('.').at(-1)!.toLowerCase()))
    throw wrong(`Unrecognized file format. Supported formats: ${JSON.stringify(endings)}`, 'invalid_value', 'file');
  if (file.size > largest) throw wrong(`Maximum content size limit (${largest}) exceeded (${file.size} bytes read)`, null, null, 413);
  const text = (value: FormDataEntryValue | null) => (typeof value === 'string' ? value : undefined);
  return {
    samples: await samplesOf(new Uint8Array(await file.arrayBuffer()), stop),
    field: (name) => text(form.get(name)),
    all: (name) => form.getAll(`${name}[]`).map(String),
  };
}

async function samplesOf(bytes: Uint8Array, stop: AbortSignal): Promise<Int16Array> {
  if (!['wav', 'webm', 'ogg'].includes(String(sniff(bytes)))) throw unreadable();
  const parts: Int16Array[] = [];
  let broken = false;
  const decoder = mediaDecoder({ onBroken: () => (broken = true) });
  for await (const { samples } of decoder.decode(
    (async function* () {
      yield bytes;
    })(),
    stop,
  ))
    parts.push(samples);
  if (broken || parts.length === 0) throw unreadable();
  return joined(parts);
}
