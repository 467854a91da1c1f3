type Child = Element | string | undefined | false;

/** Makes a shape of a picture; its looks are those of its class. */
export function draw<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes))
    shape.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  shape.append(...children.filter((child) => child !== undefined && child !== false));
  return shape;
}
