import type { LineState } from '../../client/steady-line.ts';
import { t } from '../texts/chat.ts';
import { t as frame } from '../texts/frame.ts';

const byCode: Record<string, string> = {
  unreachable: t('unreachable'),
  session_not_found: t('notFound'),
  not_found: t('notFound'),
  key_needed: t('keyNeeded'),
  too_fast: t('tooFast'),
  forbidden: t('notAllowed'),
  busy: t('full'),
  not_opened: t('notOpened'),
};

/** What went wrong, and what to do. */
export function troubleInWords(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.name !== 'Trouble') return frame('wentWrong');
  const { code } = thrown as Error & { code?: string };
  return byCode[code ?? ''] ?? thrown.message;
}

const byClose: Record<number, string> = {
  1008: t('misunderstood'),
  1009: t('misunderstood'),
  4001: t('notAllowed'),
  4004: t('notFound'),
  4009: t('replaced'),
  4010: t('anew'),
};

/** Why a line is over for good, and what to do. */
export const endInWords = (code: number): string => byClose[code] ?? t('over');

/** How a line is, for the header: a word and a mood. */
export function showLine(element: HTMLElement, state: LineState): void {
  const isLost = state.is === 'waiting' || (state.is === 'connecting' && state.attempt > 0);
  element.textContent = isLost ? t('lost') : { connecting: t('connecting'), open: t('live'), waiting: t('lost'), over: t('over') }[state.is];
  element.dataset.mood = state.is === 'open' ? 'live' : 'lost';
}

/** Who is writing, in one line. */
export function typingInWords(names: readonly string[]): string {
  const [name, other] = names;
  if (name === undefined) return '';
  if (other === undefined) return t('oneTypes', { name });
  return names.length === 2 ? t('twoType', { name, other }) : t('manyType', { count: names.length });
}
