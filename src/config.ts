import { z } from 'zod';
import { budgetTable } from './core/budgets.ts';
import { Problem } from './core/problem.ts';
import { redactable } from './core/redaction.ts';

const range = 'a number from 0 to 65535';
const port = z.coerce.number(range).int(range).min(0, range).max(65_535, range);

/** Whether browsers would name an origin so: its scheme and host in small letters, and no port that goes without saying. */
const isOrigin = (item: string): boolean => {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.:[\]_-]+$/.test(item)) return false;
  return !item.startsWith('http') || (URL.canParse(item) && new URL(item).origin === item);
};

const origins = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .superRefine((items, context) => {
    for (const item of items)
      if (!isOrigin(item))
        context.addIssue({ code: 'custom', message: `origins such as https://friend.example, separated by commas: “${item}” is none` });
  });

const apiKeys = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .refine((keys) => keys.every((key) => /^[\x21-\x7e]{24,256}$/.test(key)), 'keys of 24 characters or more, without spaces, separated by commas');

const yesOrNo = z.enum(['0', '1'], { error: '0 or 1' }).default('0');
const budgets = z
  .string()
  .transform((value) => value.split(',').flatMap((item) => (item.trim() ? [item.trim().split(/\s*=\s*/)] : [])))
  .superRefine((pairs, context) => {
    for (const pair of pairs)
      if (!(Object.hasOwn(budgetTable, pair[0]!) && /^\d+(\.\d+)?$/.test(pair[1] ?? '') && pair.length === 2))
        context.addIssue({ code: 'custom', message: `pairs such as awake=500, by the names in docs/reliability.md: “${pair.join('=')}” is none` });
  })
  .transform((pairs) => pairs.map(([name, value]) => [name as keyof typeof budgetTable, Number(value)] as const));

const fileTypes = z
  .string()
  .transform((value) => value.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/, 'types such as image/png, separated by commas')));

const hops = 'a number from 0 to 16';

const key = z
  .string()
  .transform((value) => Buffer.from(value, 'base64'))
  .refine((bytes) => bytes.length === 32, '32 bytes in base64, as openssl rand -base64 32 prints them');

const span = 'a number of days from 0 to 36500';
const days = z.coerce.number(span).int(span).min(0, span).max(36_500, span);

const redaction = z
  .string()
  .transform((value) => (value === 'off' ? [] : value.split(',').map((item) => item.trim())))
  .pipe(z.array(z.enum(redactable, { error: `off, or some of ${redactable.join(', ')}, separated by commas` })));

const vendorKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,512}$/, 'a key as its vendor shows it, without spaces')
  .optional();
const vendorUrl = z.url({ protocol: /^https?$/, error: 'an address that begins with https://' });
const named = z.string().min(1).max(200);

/** Every setting of the service: its name in the environment, its default and what it is for. */
export const settingsSchema = z.object({
  PORT: port.default(8_000).describe('The port that is served.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('The address that is served; 0.0.0.0 for all of them.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Where conversations and speech models are kept.'),
  STORE: z
    .enum(['sqlite', 'memory'], { error: 'sqlite or memory' })
    .default('sqlite')
    .describe('Where the log lives: sqlite keeps it, memory forgets it at exit.'),
  DATABASE_URL: z
    .string()
    .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), 'an address such as postgres://user:password@host:5432/name')
    .optional()
    .describe('A PostgreSQL database that keeps the log instead of the file, such as postgres://user:password@host:5432/name.'),
  DATA_KEY: key
    .optional()
    .describe('The key that seals what is kept, 32 bytes in base64; without it the file aside.key in DATA_DIR is made and used.'),
  KEEP_TRANSCRIPTS_DAYS: days.default(30).describe('How long a conversation is kept after its end; with 0 it is gone within the hour.'),
  KEEP_SOUND_DAYS: days
    .default(0)
    .describe('How long its sound is kept after its end, where everybody agreed to keep any; with 0 it is gone within the hour.'),
  REDACT: redaction
    .default([])
    .describe(
      'What is blanked out before words leave this machine for a model or a recogniser elsewhere: off, or some of numbers, mails, cards, ibans, phones.',
    ),
  EARS: z
    .enum(['auto', 'elevenlabs', 'openai', 'sherpa', 'pocketsphinx', 'browser'], {
      error: 'auto, elevenlabs, openai, sherpa, pocketsphinx or browser',
    })
    .default('auto')
    .describe(
      'Who turns sound into words: auto takes the best that has a key and falls back to this machine; sherpa, pocketsphinx and browser send nothing elsewhere.',
    ),
  FINAL_TRANSCRIPT: z
    .enum(['auto', 'on', 'off'], { error: 'auto, on or off' })
    .default('auto')
    .describe(
      'Whether sound that was kept, because everybody agreed, is heard once more at the end by a better recogniser elsewhere: auto only by one that hears live anyway.',
    ),
  SPEECH_MODEL_URL: z
    .url({ protocol: /^https?$/, error: 'an address that begins with https://' })
    .optional()
    .describe('Where `npm run ears` fetches the speech model instead of its usual place.'),
  VOICE: z
    .string()
    .min(1)
    .default('auto')
    .describe(
      'Who whispers: auto (the best that has a key), none, elevenlabs, openai, or the name of an embedded voice (awb, slt, rms, kal16, kal).',
    ),
  BRAIN: z
    .enum(['auto', 'openai', 'reflexes'], { error: 'auto, openai or reflexes' })
    .default('auto')
    .describe('Who words advice and feedback: auto asks a language model where there is one, and rules stand in for it; reflexes are rules alone.'),
  COACH: z
    .enum(['aside', 'elevenlabs-agent'], { error: 'aside or elevenlabs-agent' })
    .default('aside')
    .describe('Who coaches: aside, or an agent at ElevenLabs (ELEVENLABS_AGENT) that hears and speaks for itself where EARS and VOICE are auto.'),
  ELEVENLABS_API_KEY: vendorKey.describe('A key of ElevenLabs: its recogniser hears, its voice whispers.'),
  ELEVENLABS_URL: vendorUrl
    .default('https://api.elevenlabs.io')
    .describe('Where ElevenLabs is asked, such as https://api.eu.residency.elevenlabs.io.'),
  ELEVENLABS_EARS_MODEL: named.default('scribe_v2_realtime').describe('Its live recogniser.'),
  ELEVENLABS_LATE_EARS_MODEL: named.default('scribe_v2').describe('Its recogniser for a whole recording, which tells voices apart.'),
  ELEVENLABS_VOICE: named.default('JBFqnCBsd6RMkjVDRZzb').describe('The id of its voice.'),
  ELEVENLABS_VOICE_MODEL: named.default('eleven_flash_v2_5').describe('The model that speaks with it.'),
  ELEVENLABS_AGENT: named.optional().describe('The id of the agent that coaches, with COACH=elevenlabs-agent.'),
  ELEVENLABS_AGENT_PROMPT: z
    .enum(['own', 'aside'], { error: 'own or aside' })
    .default('own')
    .describe('Whose instructions the agent follows: its own, or Aside’s in their place, which its owner has to allow at ElevenLabs.'),
  OPENAI_API_KEY: vendorKey.describe('A key of OpenAI, or of the server at OPENAI_BASE_URL.'),
  OPENAI_BASE_URL: vendorUrl
    .default('https://api.openai.com/v1')
    .describe(
      'A server that speaks as OpenAI does: Ollama, vLLM, llama.cpp, LM Studio, speaches; with /v1 at its end. One that needs no key is used without.',
    ),
  OPENAI_DIALECT: z
    .enum(['auto', 'openai', 'compatible'], { error: 'auto, openai or compatible' })
    .default('auto')
    .describe('How OPENAI_BASE_URL is spoken to: auto goes by its address; openai is for a gateway in front of OpenAI itself.'),
  OPENAI_MODEL: named.default('gpt-6-luna').describe('The language model.'),
  OPENAI_SECOND_BASE_URL: vendorUrl.optional().describe('A second such server, for when the first fails; a model on this machine, say.'),
  OPENAI_SECOND_API_KEY: vendorKey.describe('A key of the second server, where it needs one.'),
  OPENAI_SECOND_MODEL: named.optional().describe('The language model there.'),
  OPENAI_EARS_MODEL: named
    .default('gpt-live-transcribe')
    .describe('The recogniser there; one that hears only whole utterances is named here as well.'),
  OPENAI_LATE_EARS_MODEL: named
    .default('gpt-4o-transcribe-diarize')
    .describe('Its recogniser for a whole recording, which tells voices apart; its vendor ends it on 2027-02-26.'),
  OPENAI_VOICE_MODEL: named.default('gpt-4o-mini-tts').describe('The model that speaks there.'),
  OPENAI_VOICE: named.default('marin').describe('The name of the voice there.'),
  API_KEYS: apiKeys
    .default([])
    .describe(
      'The keys of those who may open sessions, 24 characters or more each, separated by commas; without any, everybody who can reach HOST may.',
    ),
  ALLOW_ANONYMOUS: yesOrNo.describe('1 serves other machines without any key; otherwise Aside starts without keys only where HOST is this machine.'),
  COMPAT: yesOrNo.describe('1 makes the id of a session enough to use it even where there are keys, for clients that know no tokens.'),
  TRUST_PROXY: z.coerce
    .number(hops)
    .int(hops)
    .min(0, hops)
    .max(16, hops)
    .default(0)
    .describe('How many proxies stand in front, each of which adds to X-Forwarded-For; limits go by the address that they name.'),
  ALLOWED_ORIGINS: origins
    .default([])
    .describe('Web pages of other origins that may connect, separated by commas; the service’s own pages always may.'),
  API_WS_BASE: z
    .url({ protocol: /^wss?$/, error: 'an address that begins with ws:// or wss://' })
    .optional()
    .describe('The public address of the sockets, where a proxy stands in front.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
    .optional()
    .describe(
      'The public address of the pages, for links that are handed on; without it that of the sockets, or the address by which the service was asked.',
    ),
  FILE_TYPES: fileTypes
    .default([
      'image/png',
      'image/jpeg',
      'image/gif',
      'image/webp',
      'audio/mpeg',
      'audio/ogg',
      'audio/wav',
      'audio/webm',
      'video/mp4',
      'video/webm',
      'text/plain',
      'text/markdown',
      'text/csv',
      'application/pdf',
      'application/json',
      'application/zip',
      'application/octet-stream',
    ])
    .describe('The types of files that may be handed round in conversations, separated by commas; they are only ever downloaded.'),
  VAPID_PUBLIC_KEY: z
    .string()
    .regex(/^[\w-]{87}$/, 'a public key of P-256 in base64url, 87 characters')
    .optional()
    .describe(
      'With the next two, browsers are told of new messages in shared conversations while their page is closed, if they ask for it: the public key of web push.',
    ),
  VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, 'a private key of P-256 in base64url, 43 characters')
    .optional()
    .describe('The private key that belongs to it.'),
  VAPID_SUBJECT: z
    .string()
    .regex(/^(mailto:|https:\/\/)\S+$/, 'an address such as mailto:ann@example.com')
    .optional()
    .describe('Where push services reach whoever runs this Aside.'),
  BUDGETS: budgets.default([]).describe('Numbers of docs/reliability.md that shall be others, as name=number, separated by commas.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
    .optional()
    .describe('Where spans of requests and turns are sent (OTLP over HTTP); without it none are made.'),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'], { error: 'silent, error, warn, info or debug' })
    .default('warn')
    .describe('How much is logged; never anybody’s words.'),
});

export type ServiceSettings = z.infer<typeof settingsSchema>;

/** Reads the settings from an environment and reports every mistake at once, by name. */
export function readSettings(environment: Record<string, string | undefined>): ServiceSettings {
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = environment[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const result = settingsSchema.safeParse(given);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path: [name], message }) =>
    // a key or a password that is nearly right is still nobody's to read
    /_KEYS?$|^DATABASE_URL$/.test(String(name))
      ? `  ${String(name)} should be ${message}`
      : `  ${String(name)} is “${given[String(name)]}”, but should be ${message}`,
  );
  throw new Problem(
    'settings',
    `Aside cannot start with these settings:\n${mistakes.join('\n')}\nChange them in the environment or in the file .env; .env.example explains each.`,
  );
}
