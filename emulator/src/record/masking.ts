/** Masks secrets in request records, since records are served to anyone on this machine. */

const MASK = '***';
const SECRET_NAME = /authorization|password|passwd|secret|token|cookie|api[-_]?key|signature|credential/i;

export function maskHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    masked[name] = SECRET_NAME.test(name) ? MASK : Array.isArray(value) ? value.join(', ') : value;
  }
  return masked;
}

export function maskQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].map(([name, value]) => [name, SECRET_NAME.test(name) ? MASK : value]));
}

/** Any JSON value, the values of secret-looking keys masked at every depth. */
export function maskJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET_NAME.test(key) ? MASK : maskJson(inner)]),
  );
}

/** A form field. `overrides` is JSON with passwords: if it cannot be parsed, it is not shown at all. */
export function maskField(name: string, value: string): unknown {
  if (SECRET_NAME.test(name)) return MASK;
  if (name !== 'overrides') return value;
  try {
    return maskJson(JSON.parse(value));
  } catch {
    return MASK;
  }
}
