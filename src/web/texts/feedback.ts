import { texts } from './texts.ts';

export const { t } = await texts({ en: () => import('./feedback-en.ts'), de: () => import('./feedback-de.ts') });
