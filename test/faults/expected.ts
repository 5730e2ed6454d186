/**
 * How a run with one fault has to end, by rule: of what the request is for, and of what the fault leaves open. Written down here, and not
 * taken from the code that it checks.
 */
import type { Fault } from './faults.ts';
import type { Request } from './lanes.ts';

export interface Expected {
  exit: number;
  /** A finding that must be there. */
  code?: string;
  /** Whether the run may also get past the fault: it depends on what the service has done when it is asked. */
  orPass?: true;
  /** Not a defect of ours: the client header is missing where a redirect led to another origin, which gets no key and no name. */
  violations?: string[];
}

/**
 * `ahead`: asked before it is needed, and again when it is. `optional`: the run goes on without it. `store`: storage, not the service.
 * `register`: a second one would add a second app. `pay`: starts a build. `act`: changes a build. `poll`: asked until the work is done.
 * `file`: a download. `proof`: the certificate that decides. `objection`: the one that may only object. `query`: changes nothing.
 */
type Purpose =
  | 'ahead'
  | 'optional'
  | 'store'
  | 'register'
  | 'pay'
  | 'act'
  | 'poll'
  | 'file'
  | 'proof'
  | 'objection'
  | 'query';

const PURPOSES: ReadonlyArray<[RegExp, Purpose]> = [
  [/^GET .*\/upload-link $/, 'ahead'],
  [/^POST .*\/apps\/check-by-checksum $/, 'optional'],
  [/^PUT /, 'store'],
  [/^POST .*\/upload-using-link $/, 'register'],
  [/^POST .*\/tasks fuse$/, 'pay'],
  [/^POST .*\/tasks (?:context|sign|seal|sign_script)$/, 'act'],
  [/^GET .*\/status $/, 'poll'],
  [/^GET .*\/output(?: .*)?$/, 'file'],
  [/^GET .*\/certificate $/, 'proof'],
  [/^GET .*\/certificate-json $/, 'objection'],
  [/^POST .*\/validation\/upload $/, 'query'],
];

/** One run. */
export interface Cell {
  /** The flow's name. */
  flow: string;
  request: Request;
  fault: Fault;
  always: boolean;
}

/** @throws Error for a request that no rule speaks of */
function purposeOf({ method, path, action = '' }: Request): Purpose {
  const told = `${method} ${path} ${action}`;
  const found = PURPOSES.find(([pattern]) => pattern.test(told))?.[1];
  if (found === undefined) throw new Error(`no rule says what ${told} is for`);
  return found;
}

/** While the service looks at an app to validate, silence is work: only the deadline of the step ends it, after minutes. */
export function canMeet(request: Request, { needsBody, stalls, within }: Fault): boolean {
  if (needsBody && request.method === 'GET') return false;
  return !(stalls && !within && purposeOf(request) === 'query');
}

const PASS: Expected = { exit: 0 };
/** Whether a second attempt may help. */
/** @see appdome-api.md §1.6, §1.7: what may be repeated */
const passing = new Set<Fault['of']>(['lost', 'refused', 'early', 'unreadable', 'short']);
/** Whether the service may have done what was asked. */
const unknown = new Set<Fault['of']>(['lost', 'unreadable', 'short']);

/** What the run ends with when it does not get past the fault. */
function stopped({ of, action }: Fault): Expected {
  switch (of) {
    case 'denied':
    case 'expired':
      return { exit: 3, code: action['code'] === 401 ? 'auth.rejected' : 'auth.forbidden' };
    case 'missing':
      return { exit: 5, code: 'service.refused' };
    case 'redirected':
      return { exit: 4, code: 'api.redirect' };
    case 'unreadable':
    case 'short':
      return { exit: 4, code: 'api.unexpected' };
    default:
      return { exit: 4, code: codeOfLoss(action) };
  }
}

function codeOfLoss({ kind }: Fault['action']): string {
  if (kind === 'stall') return 'network.stalled';
  return kind === 'reset' || kind === 'truncate' ? 'network.unreachable' : 'api.unavailable';
}

/** A download may come from another origin, which gets neither our key nor our name. */
const FROM_ELSEWHERE: readonly Purpose[] = ['file', 'proof', 'objection'];

export function expectedOf(cell: Cell): Expected {
  const mayGo = cell.fault.action['to'] === 'elsewhere' && FROM_ELSEWHERE.includes(purposeOf(cell.request));
  return { ...endOf(cell), ...(mayGo ? { violations: ['missing-client-header'] } : {}) };
}

function endOf({ flow, request, fault, always }: Cell): Expected {
  if (fault.of === 'slow') return PASS;
  const again = !always && passing.has(fault.of) ? PASS : stopped(fault);
  switch (purposeOf(request)) {
    case 'optional':
      return PASS;
    case 'ahead':
      return always ? stopped(fault) : PASS;
    case 'store':
      return ofStore(fault, again, always);
    case 'pay':
      if (unknown.has(fault.of)) return { exit: 4, code: 'build.may-exist' };
      return fault.of === 'early' ? stopped(fault) : again;
    case 'register':
      // What has arrived is found by its checksum, whatever becomes of the answers.
      if (fault.done) return PASS;
      return fault.of === 'early' ? stopped(fault) : again;
    case 'act':
      // The state of the build decides, and a service as fast as this one may be done before it is asked.
      if (fault.done && always) return { ...again, orPass: true };
      return fault.of === 'early' ? stopped(fault) : again;
    case 'poll':
      return fault.of === 'redirected' && !always ? PASS : again;
    case 'file':
      return ofFile(fault, again, always, flow === 'auto-dev');
    case 'proof':
      return ofProof(fault, always);
    case 'objection':
      return PASS;
    default:
      return again;
  }
}

/** Storage has no key of ours: 403 is a link that has expired, and its answer is read by nobody. */
function ofStore(fault: Fault, again: Expected, always: boolean): Expected {
  if (fault.within || fault.of === 'unreadable') return PASS;
  const refused: Expected = { exit: 5, code: 'service.refused' };
  if (fault.action['code'] === 403) return always ? refused : PASS;
  return fault.of === 'denied' ? refused : again;
}

function ofFile(fault: Fault, again: Expected, always: boolean, isScript: boolean): Expected {
  // Nothing in a script shows where it ends.
  if (fault.of === 'short' && isScript) return PASS;
  if (fault.of === 'redirected' && !always) return PASS;
  if (again !== PASS && (fault.of === 'unreadable' || fault.of === 'short'))
    return { exit: 4, code: 'download.corrupt' };
  return again;
}

/** Without it nothing is proven, whatever took it away. */
function ofProof(fault: Fault, always: boolean): Expected {
  const none: Expected = { exit: 8, code: 'evidence.insufficient' };
  if (always) return none;
  if (fault.of === 'denied' || fault.of === 'expired' || fault.of === 'short') return none;
  return PASS;
}
