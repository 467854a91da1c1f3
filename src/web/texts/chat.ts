import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./chat-en.ts'), de: () => import('./chat-de.ts') });
