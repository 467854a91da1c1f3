import { texts } from './texts.ts';

export const { t, parts } = await texts({ en: () => import('./talk-en.ts'), de: () => import('./talk-de.ts') });
