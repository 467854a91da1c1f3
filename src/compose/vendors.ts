import { type ServiceSettings, settingsSchema } from '../config.ts';

/** Whether OpenAI, or a server that speaks as it does, may be asked. */
export const hasOpenAi = ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }: ServiceSettings): boolean =>
  key !== undefined || url !== settingsSchema.parse({}).OPENAI_BASE_URL;
