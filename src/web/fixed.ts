const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Says the fixed sentences of the service in other words, hole by hole; whatever is none of them stays as it was said. */
export function fixed(sentences: Readonly<Record<string, string>>, partner: string): (sentence: string) => string {
  const known = Object.entries(sentences).map(([said, ours]) => ({
    shape: new RegExp(`^${literally(said.replace(/\.$/, '')).replace(/\\\{(\w+)\\\}/g, '(?<$1>.+?)')}\\.?$`, 's'),
    ours,
  }));
  const inOurs = (sentence: string): string => {
    for (const { shape, ours } of known) {
      const found = shape.exec(sentence);
      if (found) return ours.replace(/\{(\w+)\}/g, (_hole, name: string) => filled(name, found.groups?.[name] ?? ''));
    }
    return sentence;
  };
  // a sentence may hold another, and whoever has no name is not called “they”
  const filled = (name: string, value: string): string => (name === 'rest' ? inOurs(value) : /^(they|them)$/i.test(value) ? partner : value);
  return inOurs;
}
