import { texts } from './texts.ts';

export const { t } = await texts({ en: () => import('./history-en.ts'), de: () => import('./history-de.ts') });
