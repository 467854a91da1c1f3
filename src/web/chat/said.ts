/** Whose words these are, for the eye. */
export type Side = 'mine' | 'other' | 'agent' | 'observer';

/** Something that was said, as every chat shows it. */
export type Said = {
  readonly kind: 'said';
  /** The same for as long as it is shown, also before the service has numbered it. */
  readonly key: string;
  readonly seq: number;
  readonly side: Side;
  readonly name: string;
  readonly text: string;
  readonly at?: string | undefined;
  /** What was said here and is not kept yet; or was refused, and why. */
  readonly state?: 'sending' | 'refused';
  readonly why?: string;
};

/** One plain line between what is said. */
export type Note = { readonly kind: 'note'; readonly key: string; readonly seq: number; readonly text: string };

/** Where what is not numbered yet belongs: behind everything else. */
export const unnumbered = Number.MAX_SAFE_INTEGER;
