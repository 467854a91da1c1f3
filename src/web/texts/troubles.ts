import { texts } from './texts.ts';

export const { t, has } = await texts({ en: () => import('./troubles-en.ts'), de: () => import('./troubles-de.ts') });
