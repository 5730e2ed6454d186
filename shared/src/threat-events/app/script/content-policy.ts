/** Which scripts a Content-Security-Policy in a page lets run. Only what certainly allows one counts. */

/** What the policy says of scripts; undefined if it says nothing. */
export type ContentPolicy = readonly string[] | undefined;

const DIRECTIVES = ['script-src-elem', 'script-src', 'default-src'];
const OWN_FILES = new Set(["'self'", '*']);

export function policyOf(content: string): ContentPolicy {
  const directives = new Map<string, string[]>();
  for (const each of content.split(';')) {
    const [name = '', ...sources] = each.trim().split(/\s+/);
    // The first of a name counts.
    if (!directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  return DIRECTIVES.map((name) => directives.get(name)).find((sources) => sources !== undefined);
}

interface Script {
  isInline: boolean;
  nonce?: string;
  /** As it stands in a policy. */
  digest(name: string): string;
}

export function allowedBy(policy: ContentPolicy, { isInline, nonce, digest }: Script): boolean {
  if (policy === undefined) return true;
  if (nonce && policy.includes(`'nonce-${nonce}'`)) return true;
  if (!isInline) return !policy.includes("'strict-dynamic'") && policy.some((source) => OWN_FILES.has(source));
  const isListed = policy.some((source) => /^'(?:nonce|sha\d+)-/.test(source)) || policy.includes("'strict-dynamic'");
  if (isListed) return ['sha256', 'sha384', 'sha512'].some((name) => policy.includes(digest(name)));
  return policy.includes("'unsafe-inline'");
}
