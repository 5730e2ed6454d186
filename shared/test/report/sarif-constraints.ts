/**
 * What SARIF 2.1.0 and GitHub code scanning demand of the parts that we write, as a JSON Schema of our own: no npm package ships the
 * official one. Closed (no other property is let through), so that a misspelt name cannot pass. Sources: the specification's sections
 * named beside each part; for GitHub docs.github.com/code-security, "SARIF support for code scanning".
 */
import { Ajv2020 } from 'ajv/dist/2020.js';

const text = { type: 'string', minLength: 1 };
const closed = (properties: Record<string, unknown>, required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const strings = { type: 'object', additionalProperties: { type: ['string', 'boolean'] } };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
/** Relative and escaped (RFC 3986), no leading slash, no way up: GitHub resolves it against the repository's root. */
const relativeUri = { type: 'string', pattern: "^(?!/)(?!.*(?:^|/)\\.\\.(?:/|$))[A-Za-z0-9._~!$&'()*+,;=@%/-]+$" };

/** §3.28, §3.29, §3.30 */
const location = closed(
  {
    physicalLocation: closed(
      {
        artifactLocation: closed({ uri: relativeUri, uriBaseId: { const: '%SRCROOT%' } }, ['uri']),
        region: closed({ startLine: { type: 'integer', minimum: 1 }, startColumn: { type: 'integer', minimum: 1 } }, [
          'startLine',
        ]),
      },
      ['artifactLocation', 'region'],
    ),
  },
  ['physicalLocation'],
);

/** §3.49; `security-severity` is a decimal in a string, from 0.0 to 10.0, and at most 20 tags (GitHub). */
const rule = closed(
  {
    id: text,
    name: { type: 'string', pattern: '^[A-Z][A-Za-z]+$' },
    shortDescription: closed({ text: { ...text, maxLength: 1024 } }, ['text']),
    fullDescription: closed({ text: { ...text, maxLength: 1024 } }, ['text']),
    help: closed({ text, markdown: text }, ['text']),
    defaultConfiguration: closed({ level: { enum: ['none', 'note', 'warning', 'error'] } }, ['level']),
    properties: closed(
      {
        tags: { type: 'array', items: text, maxItems: 20, uniqueItems: true },
        precision: { enum: ['very-high', 'high', 'medium', 'low'] },
        'security-severity': { type: 'string', pattern: '^(?:10\\.0|\\d\\.\\d)$' },
      },
      ['tags', 'security-severity'],
    ),
  },
  ['id', 'shortDescription', 'help', 'properties'],
);

/** §3.27, §3.35 */
const result = closed(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message: closed({ text }, ['text']),
    locations: { type: 'array', items: location, minItems: 1, maxItems: 1 },
    partialFingerprints: closed({ primaryLocationLineHash: text, 'fusegateSubject/v1': text }, [
      'primaryLocationLineHash',
    ]),
    suppressions: {
      type: 'array',
      minItems: 1,
      items: closed(
        {
          kind: { enum: ['inSource', 'external'] },
          status: { enum: ['accepted', 'underReview', 'rejected'] },
          justification: text,
        },
        ['kind'],
      ),
    },
    properties: strings,
  },
  ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
);

const run = closed(
  {
    tool: closed(
      {
        driver: closed(
          {
            name: { const: 'Fusegate' },
            fullName: text,
            version: text,
            semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
            rules: { type: 'array', items: rule, uniqueItems: true, maxItems: 25_000 },
          },
          ['name', 'rules'],
        ),
      },
      ['driver'],
    ),
    automationDetails: closed({ id: { type: 'string', pattern: '^fusegate/[^/]+/$' } }, ['id']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    originalUriBaseIds: { type: 'object' },
    invocations: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: closed(
        {
          executionSuccessful: { type: 'boolean' },
          exitCode: { type: 'integer' },
          startTimeUtc: time,
          endTimeUtc: time,
        },
        ['executionSuccessful'],
      ),
    },
    results: { type: 'array', items: result, maxItems: 5000 },
    properties: strings,
  },
  ['tool', 'results'],
);

const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(
  closed(
    { $schema: text, version: { const: '2.1.0' }, runs: { type: 'array', items: run, minItems: 1, maxItems: 1 } },
    ['version', 'runs'],
  ),
);

/** @returns what is wrong with the log; empty when nothing is */
export function sarifProblems(log: unknown): string[] {
  if (validate(log)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
