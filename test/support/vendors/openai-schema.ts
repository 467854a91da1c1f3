import { wrong } from './openai-errors.ts';

type Schema = { readonly [key: string]: unknown };

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema itself, or the one in the same document that it points to. */
function found(schema: unknown, root: unknown): Schema {
  if (!isSchema(schema)) return {};
  if (typeof schema.$ref !== 'string') return schema;
  const path = schema.$ref.replace(/^#\/?/, '').split('/').filter(Boolean);
  return found(
    path.reduce<unknown>((at, name) => (isSchema(at) ? at[name] : undefined), root),
    root,
  );
}

/** The smallest value that fits a JSON schema. */
export function sampleOf(schema: unknown, root: unknown = schema): unknown {
  const { const: only, enum: some, anyOf, type, properties, required, items, minItems, minimum, exclusiveMinimum } = found(schema, root);
  if (only !== undefined) return only;
  if (Array.isArray(some)) return some[0];
  if (Array.isArray(anyOf)) return sampleOf(anyOf[0], root);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return 'simulated';
    case 'number':
    case 'integer':
      return Number(minimum ?? (exclusiveMinimum === undefined ? 0 : Number(exclusiveMinimum) + 1));
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: Number(minItems ?? 0) }, () => sampleOf(items, root));
    default: {
      const names = Array.isArray(required) ? (required as string[]) : [];
      return Object.fromEntries(names.map((name) => [name, sampleOf(isSchema(properties) ? properties[name] : {}, root)]));
    }
  }
}

/** Refuses what strict schemas may not be: an object that is open, or has a property that may be missing. */
export function checkStrict(schema: unknown, param: string, name: string): void {
  const walk = (each: unknown, context: string[]): void => {
    if (Array.isArray(each)) for (const [index, one] of each.entries()) walk(one, [...context, String(index)]);
    if (!isSchema(each)) return;
    const problem = (what: string) =>
      wrong(`Invalid schema for ${param} '${name}': In context=(${context.join(', ')}), ${what}`, 'invalid_json_schema', param);
    if (isSchema(each.properties)) {
      if (each.additionalProperties !== false) throw problem(`'additionalProperties' is required to be supplied and to be false.`);
      const missing = Object.keys(each.properties).filter((key) => !(Array.isArray(each.required) && each.required.includes(key)));
      if (missing.length > 0)
        throw problem(`'required' is required to be supplied and to be an array including every key in properties. Missing '${missing[0]}'.`);
      for (const [key, value] of Object.entries(each.properties)) walk(value, [...context, 'properties', key]);
    }
    for (const key of ['items', 'anyOf', '$defs', 'definitions'] as const) {
      const inner = each[key];
      if (key === '$defs' || key === 'definitions') for (const value of Object.values(isSchema(inner) ? inner : {})) walk(value, [...context, key]);
      else walk(inner, [...context, key]);
    }
  };
  if (!isSchema(schema) || (schema.type !== 'object' && schema.$ref === undefined))
    throw wrong(`Invalid schema for ${param} '${name}': schema must be a JSON Schema of 'type: "object"'.`, 'invalid_json_schema', param);
  walk(schema, []);
}
