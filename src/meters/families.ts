/** A label of a metric: its name and the complete list of its values. What is not in the list is told as `other`, so no id, name or word can become one. */
export type Label = { readonly name: string; readonly values: readonly string[] };

/** Metrics as Prometheus reads them, in the order in which they were made. */
export function families() {
  const texts: (() => string)[] = [];

  const add = (name: string, help: string, type: 'counter' | 'gauge' | 'histogram', lines: () => string[]) => {
    texts.push(() => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines().join('\n')}\n`);
  };
  const known = (label: Label | undefined, value: string | undefined): string =>
    label ? (value !== undefined && label.values.includes(value) ? value : 'other') : '';
  const keys = (label: Label | undefined): string[] => (label ? [...label.values, 'other'] : ['']);
  const braces = (label: Label | undefined, value: string, more = ''): string => {
    const pairs = [label && `${label.name}="${value}"`, more].filter(Boolean);
    return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
  };

  return {
    /** Something that only grows; the function that it returns adds to it. */
    counter(name: string, help: string, label?: Label): (value?: string, by?: number) => void {
      const counts = new Map(keys(label).map((key) => [key, 0]));
      add(name, help, 'counter', () => [...counts].map(([key, count]) => `${name}${braces(label, key)} ${count}`));
      return (value, by = 1) => {
        const key = known(label, value);
        counts.set(key, counts.get(key)! + by);
      };
    },
    /** Something that is read when somebody asks. */
    gauge(name: string, help: string, read: () => number): void {
      add(name, help, 'gauge', () => [`${name} ${read()}`]);
    },
    /** The same for each value of a label. */
    gauges(name: string, help: string, label: Label, read: (value: string) => number): void {
      add(name, help, 'gauge', () => label.values.map((value) => `${name}${braces(label, value)} ${read(value)}`));
    },
    /** How long things took: in ms when told, in seconds when read. */
    histogram(name: string, help: string, bounds: readonly number[], label?: Label): (ms: number, value?: string) => void {
      const rows = new Map(keys(label).map((key) => [key, { counts: bounds.map(() => 0), count: 0, sum: 0 }]));
      add(name, help, 'histogram', () =>
        [...rows]
          .filter(([key, { count }]) => key !== 'other' || count > 0)
          .flatMap(([key, { counts, count, sum }]) => [
            ...bounds.map((bound, index) => `${name}_bucket${braces(label, key, `le="${bound / 1000}"`)} ${counts[index]}`),
            `${name}_bucket${braces(label, key, 'le="+Inf"')} ${count}`,
            `${name}_sum${braces(label, key)} ${sum / 1000}`,
            `${name}_count${braces(label, key)} ${count}`,
          ]),
      );
      return (ms, value) => {
        const row = rows.get(known(label, value))!;
        row.count += 1;
        row.sum += ms;
        for (let index = bounds.length - 1; index >= 0 && ms <= bounds[index]!; index--) row.counts[index]! += 1;
      };
    },
    text: (): string => texts.map((text) => text()).join(''),
  };
}

export type Families = ReturnType<typeof families>;
