/** What can happen to a request on its way, at the service and on the way back. */

/** A fault instruction of the emulator, without its match. */
type Action = Record<string, unknown>;

/**
 * What the fault leaves open. `lost`: the service may have done the request, and nobody knows. `refused`: it says that it has not.
 * `early`: 425, which says so only in words that this protocol does not use. `unreadable`: it has answered a success that says nothing. `short`: part of the answer, with nothing on the wire that shows it. `denied`,
 * `missing`, `redirected`: an answer that repeating does not change. `slow`: nothing is wrong.
 */
type FaultClass =
  | 'lost'
  | 'refused'
  | 'early'
  | 'unreadable'
  | 'short'
  | 'denied'
  | 'expired'
  | 'missing'
  | 'redirected'
  | 'slow';

export interface Fault {
  name: string;
  of: FaultClass;
  action: Action;
  /** The service has done the request. */
  done?: true;
  /** Only a request with a body can meet it. */
  needsBody?: true;
  /** The status and the headers arrive whole. */
  within?: true;
  /** The run needs a stall clock that fires soon. */
  stalls?: true;
}

const status = (code: number, more: Action = {}): Action => ({ kind: 'status', code, ...more });
const later = (value: string) => ({ headers: { 'Retry-After': value } });
/** A date that lies in the past when it is read: at once, without a clock of the test. */
const A_DATE = 'Wed, 21 Oct 2015 07:28:00 GMT';
const ACCESS_DENIED =
  '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

export const FAULTS: readonly Fault[] = [
  { name: 'a reset at the request', of: 'lost', action: { kind: 'reset', at: 'request' } },
  {
    name: 'a reset within the request',
    of: 'lost',
    action: { kind: 'reset', at: 'request-body', bytes: 100 },
    needsBody: true,
  },
  { name: 'a reset after it took effect', of: 'lost', action: { kind: 'reset', at: 'answer' }, done: true },
  {
    name: 'a reset within the answer',
    of: 'lost',
    action: { kind: 'reset', at: 'answer-body', bytes: 10 },
    done: true,
    within: true,
  },
  { name: 'a truncated answer', of: 'lost', action: { kind: 'truncate', bytes: 10 }, done: true, within: true },
  { name: '408', of: 'lost', action: status(408) },
  { name: '500', of: 'lost', action: status(500) },
  { name: '502 as HTML', of: 'lost', action: { kind: 'html', code: 502 } },
  { name: '502 after it took effect', of: 'lost', action: status(502, { effect: true }), done: true },
  { name: '503', of: 'lost', action: status(503) },
  { name: '504', of: 'lost', action: status(504) },
  { name: 'a stall before it took effect', of: 'lost', action: { kind: 'stall', at: 'request' }, stalls: true },
  {
    name: 'a stall after it took effect',
    of: 'lost',
    action: { kind: 'stall', at: 'answer' },
    done: true,
    stalls: true,
  },
  {
    name: 'a stall within the answer',
    of: 'lost',
    action: { kind: 'stall', at: 'answer-body', bytes: 10 },
    done: true,
    within: true,
    stalls: true,
  },
  { name: '425', of: 'early', action: status(425) },
  { name: '429', of: 'refused', action: status(429) },
  { name: '429 with Retry-After in seconds', of: 'refused', action: status(429, later('1')) },
  { name: '429 with Retry-After as a date', of: 'refused', action: status(429, later(A_DATE)) },
  { name: '503 with Retry-After in seconds', of: 'refused', action: status(503, later('1')) },
  { name: '503 with Retry-After as a date', of: 'refused', action: status(503, later(A_DATE)) },
  { name: 'HTML as a success', of: 'unreadable', action: { kind: 'html', code: 200, effect: true }, done: true },
  { name: 'malformed JSON', of: 'unreadable', action: { kind: 'replace', text: '{"status": "comp' }, done: true },
  { name: 'JSON of the wrong type', of: 'unreadable', action: { kind: 'replace', json: [42] }, done: true },
  { name: 'null', of: 'unreadable', action: { kind: 'replace', text: 'null' }, done: true },
  { name: 'an empty body', of: 'unreadable', action: { kind: 'replace', text: '' }, done: true },
  {
    name: 'a short body of the announced length',
    of: 'short',
    action: { kind: 'truncate', bytes: 10, announced: 'part' },
    done: true,
    within: true,
  },
  { name: '401', of: 'denied', action: status(401) },
  { name: '403', of: 'denied', action: status(403) },
  {
    name: 'an expired link',
    of: 'expired',
    action: status(403, { body: ACCESS_DENIED, contentType: 'application/xml' }),
  },
  { name: '404', of: 'missing', action: status(404) },
  { name: 'a redirect loop', of: 'redirected', action: { kind: 'redirect', to: 'itself' } },
  { name: 'a redirect to another origin', of: 'redirected', action: { kind: 'redirect', to: 'elsewhere' } },
  { name: 'a trickle', of: 'slow', action: { kind: 'trickle', bytes: 5, pauseMs: 1 } },
];
