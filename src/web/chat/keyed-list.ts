/** A list of elements that follows a list of things: what has not changed is left alone, and with it where the reader is. */
export function keyedList<Item extends { readonly key: string }>(
  list: HTMLElement,
  render: (item: Item) => HTMLElement,
): (items: readonly Item[]) => void {
  const shown = new Map<string, { item: Item; element: HTMLElement }>();

  function elementFor(item: Item): HTMLElement {
    const known = shown.get(item.key);
    if (known?.item === item) return known.element;
    const element = render(item);
    const act = known?.element.contains(document.activeElement) && (document.activeElement as HTMLElement).dataset.act;
    known?.element.replaceWith(element);
    // whoever is at a button by keyboard stays there
    if (act) element.querySelector<HTMLElement>(`[data-act="${CSS.escape(act)}"]`)?.focus();
    shown.set(item.key, { item, element });
    return element;
  }

  return (items) => {
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of shown)
      if (!keys.has(key)) {
        element.remove();
        shown.delete(key);
      }
    let next = list.firstElementChild;
    for (const item of items) {
      const element = elementFor(item);
      // a changed element stands where the old one stood
      if (next && !next.isConnected) next = element;
      if (next === element) next = next.nextElementSibling;
      else list.insertBefore(element, next);
    }
  };
}
