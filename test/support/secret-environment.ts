import { newFolder } from './new-folder.ts';
import { sentinels } from './sentinels.ts';
import { vapid } from './vapid.ts';

/** A folder of its own, a secret in every setting that may hold one, and vendors at `url`; a busy machine may take its time. `src`: the house whose service it is. */
export const secretEnvironment = (url: string, src?: string) => ({
  DATA_DIR: newFolder(),
  VOICE: 'none',
  STORE: 'sqlite',
  API_KEYS: sentinels.key,
  BUDGETS: 'pingEvery=60000,auth=60000,storage=60000,request=60000',
  OPENAI_API_KEY: sentinels.vendor,
  OPENAI_BASE_URL: `${url}/v1`,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  ...vapid(),
  ...(src && { SRC: src }),
});
