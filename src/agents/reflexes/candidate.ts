import type { AdviceKind } from '../../core/entry.ts';
import type { Place, Turn } from '../turn.ts';

/** What made the coach think: somebody finished a turn, a silence lasts, or the user asked for a hint. */
export type Occasion =
  | { readonly type: 'said'; readonly turn: Turn; readonly place: Place }
  | { readonly type: 'quiet'; readonly ms: number; readonly place: Place }
  | { readonly type: 'asked'; readonly seq: number; readonly place: Place };

/** A suggestion that could be made now; the heaviest that timing allows is. */
export type Candidate = {
  readonly kind: AdviceKind;
  readonly text: string;
  readonly reason: string;
  readonly evidence: readonly number[];
  readonly about: number;
  readonly weight: number;
};

/** Words from the talk as they are shown in a reason: short, in quotation marks. */
export function quoted(text: string): string {
  const words = text.trim().split(/\s+/);
  return `"${words.slice(0, 14).join(' ')}${words.length > 14 ? ' …' : ''}"`;
}
