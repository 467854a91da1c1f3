import { language } from '../language.ts';

/*
 * How to put words on a page: three small files for each page (here: rooms).
 *
 *   texts/rooms-en.ts   export const words = { create: 'New room', people: { one: '{count} person', other: '{count} people' } } as const;
 *   texts/rooms-de.ts   export const words = { … } satisfies Translated<typeof english>;     (a missing or unknown key does not compile)
 *   texts/rooms.ts      export const { t, parts } = await texts({ en: () => import('./rooms-en.ts'), de: () => import('./rooms-de.ts') });
 *
 * t('people', { count: 3 }) is a text; `{ one, other }` is chosen by `count`. parts('joined', { link: someElement }) is a list for
 * `make(…, …parts(…))` in which elements stand where the text has their names. Only the language that is spoken is loaded.
 * has(code) tells whether there is a text for a code of the service.
 * Both only ever become text nodes: nothing in a text is HTML.
 */

type Text = string | { readonly one: string; readonly other: string };
type Words = Readonly<Record<string, Text>>;
type Holes<S extends string> = S extends `${string}{${infer Hole}}${infer Rest}` ? Hole | Holes<Rest> : never;
type HolesOf<T extends Text> = T extends string
  ? Holes<T>
  : T extends { readonly other: infer Other extends string }
    ? 'count' | Holes<Other>
    : never;
type Values<T extends Text, Value> = [HolesOf<T>] extends [never] ? [] : [values: Readonly<Record<HolesOf<T>, Value>>];

/** The same keys in another language. */
export type Translated<W extends Words> = {
  readonly [Key in keyof W]: W[Key] extends string ? string : { readonly one: string; readonly other: string };
};

type Languages<W extends Words> = {
  readonly en: () => Promise<{ readonly words: W }>;
  readonly de: () => Promise<{ readonly words: Translated<W> }>;
};

/** The words of one page in the language that is spoken here. */
export async function texts<const W extends Words>(languages: Languages<W>) {
  const { words } = await languages[language]();
  const plural = new Intl.PluralRules(language);

  /** A text cut at its holes: words and names of holes in turn. */
  function cut(key: keyof W, values: Readonly<Record<string, unknown>> = {}): string[] {
    const text: Text = words[key]!;
    const said = typeof text === 'string' ? text : text[plural.select(Number(values.count)) === 'one' ? 'one' : 'other'];
    return said.split(/\{(\w+)\}/);
  }

  return {
    /** Whether there is a text for a name that comes from elsewhere. */
    has: (key: string): key is keyof W & string => Object.hasOwn(words, key),
    t<Key extends keyof W>(key: Key, ...[values]: Values<W[Key], string | number>): string {
      const known = values as Readonly<Record<string, string | number>> | undefined;
      return cut(key, known)
        .map((piece, index) => (index % 2 === 0 ? piece : String(known?.[piece] ?? '')))
        .join('');
    },
    parts<Key extends keyof W>(key: Key, ...[values]: Values<W[Key], Node | string | number>): (Node | string)[] {
      const known = values as Readonly<Record<string, Node | string | number>> | undefined;
      return cut(key, known).map((piece, index) => {
        const value = index % 2 === 0 ? piece : (known?.[piece] ?? '');
        return typeof value === 'number' ? String(value) : value;
      });
    },
  };
}
