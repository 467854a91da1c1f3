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

/** Every setting of the service: its name in the environment, its default and what it is for. */
export const settingsSchema = z.object({
  PORT: port.default(8_000).describe('The port that is served.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('The address that is served; 0.0.0.0 for all of them.'),
  DATA_DIR: z.string().min(1).default('./data').describe('Where conversations and speech models are kept.'),
  STORE: z
    .enum(['sqlite', 'memory'], { error: 'sqlite or memory' })
    .default('sqlite')
    .describe('Where the log lives: sqlite keeps it, memory forgets it at exit.'),
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
    .enum(['auto', 'sherpa', 'pocketsphinx', 'browser'], { error: 'auto, sherpa, pocketsphinx or browser' })
    .default('auto')
    .describe('Who turns sound into words; auto takes the best that this machine has.'),
  SPEECH_MODEL_URL: z
    .url({ protocol: /^https?$/, error: 'an address that begins with https://' })
    .optional()
    .describe('Where `npm run ears` fetches the speech model instead of its usual place.'),
  VOICE: z.string().min(1).default('auto').describe('Who whispers: auto, none, or the name of an embedded voice (awb, slt, rms, kal16, kal).'),
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
    // a key that is nearly right is still nobody's to read
    /_KEYS?$/.test(String(name))
      ? `  ${String(name)} should be ${message}`
      : `  ${String(name)} is “${given[String(name)]}”, but should be ${message}`,
  );
  throw new Problem(
    'settings',
    `Aside cannot start with these settings:\n${mistakes.join('\n')}\nChange them in the environment or in the file .env; .env.example explains each.`,
  );
}
