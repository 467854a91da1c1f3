import { find } from './element.ts';
import { rememberedKey, rememberKey } from './memory.ts';
import { t } from './texts/coach.ts';

/** The key of a service that asks for one: written once, and kept for this tab. */
export interface Key {
  /** What the user wrote, or what this tab knows. */
  readonly value: string | undefined;
  /** It was the right one, if one was needed at all. */
  keep(): void;
  /** Asks for it: there is none, or it was the wrong one. Answers with the sentence that says so. */
  ask(): string;
}

/** Binds the field for the key. */
export function keyField(): Key {
  const field = find('key', HTMLInputElement);
  const value = () => field.value.trim() || rememberedKey();
  return {
    get value() {
      return value();
    },
    keep: () => rememberKey(value()),
    ask() {
      const wrong = value() !== undefined;
      rememberKey(undefined);
      find('key-field', HTMLDivElement).hidden = false;
      field.setAttribute('aria-invalid', String(wrong));
      field.select();
      return wrong ? t('keyWrong') : t('keyMissing');
    },
  };
}
