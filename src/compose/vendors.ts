import { type ServiceSettings, settingsSchema } from '../config.ts';
import { type Address, isOpenAi } from '../engines/openai/client.ts';

/** Whether OpenAI, or a server that speaks as it does, may be asked. */
export const hasOpenAi = ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }: ServiceSettings): boolean =>
  key !== undefined || url !== settingsSchema.parse({}).OPENAI_BASE_URL;

/** Where it is asked. */
export const openAiAddress = ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url, OPENAI_DIALECT: dialect }: ServiceSettings): Address => ({
  url,
  ...(key && { key }),
  ...(dialect !== 'auto' && { openAi: dialect === 'openai' }),
});

/** Whether it is among those who whisper. A look-alike may have no voice, so it speaks only where it was asked for. */
export const openAiSpeaks = (settings: ServiceSettings): boolean =>
  settings.VOICE === 'openai'
    ? hasOpenAi(settings)
    : settings.VOICE === 'auto' && settings.OPENAI_API_KEY !== undefined && isOpenAi(openAiAddress(settings));
