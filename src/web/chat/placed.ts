/** Something that has its place in a list by a number. */
export type Numbered = { readonly seq: number };

/** The list with one more in its place; the same list where it stands in it already. What is new mostly belongs at the end. */
export function placed<Item extends Numbered>(items: readonly Item[], item: Item): readonly Item[] {
  const before = items.findLastIndex(({ seq }) => seq <= item.seq);
  if (items[before]?.seq === item.seq) return items;
  return before === items.length - 1 ? [...items, item] : items.toSpliced(before + 1, 0, item);
}
