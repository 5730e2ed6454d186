/**
 * Pages of positioned runs with the distances of a real certificate (appdome-api.md §6), set by hand here and by no generator, so
 * that the reader is not tested against its own idea of the layout. All values are synthetic.
 */
import type { PdfText, TextRun } from '../../src/certificate/pdf-text.ts';

const PAGE_HEIGHT = 2600;

export interface PageFields {
  appName: string;
  version: string;
  buildNumber: string;
  platform: string;
  bundleId: string;
  user: string;
  fusionSetName: string;
  annotation: string;
  signer: string;
  buildId: string;
  appId: string;
  fusionSetId: string;
  originalSha256: string;
  signerSha256: string;
  finalSha256: string;
  /** After how many digits hashes wrap. */
  hashSplit: number;
  categories: Array<{ heading: string; plugins: string[]; parameters: string[] }>;
  other: string[];
  intelligence: Array<[string, string]>;
  missing: string[];
  context: boolean;
  /** `signed`, `sealed` (a block that we do not know) or nothing below the security block. */
  end: 'signed' | 'sealed' | 'nothing';
  optimize: boolean;
}

export function fields(changes: Partial<PageFields> = {}): PageFields {
  return {
    appName: 'Sample',
    version: '2.0.1',
    buildNumber: '7',
    platform: 'Android',
    bundleId: 'com.example.sample',
    user: 'Rehearsal User',
    fusionSetName: 'All of it in one',
    annotation: 'First set.',
    signer: 'CN=Sample Signer, O=Example, C=US',
    buildId: 'aaaaaaaa-1111-11f0-8000-000000000001',
    appId: 'bbbbbbbb-1111-11f0-8000-000000000002',
    fusionSetId: 'cccccccc-1111-11f0-8000-000000000003',
    originalSha256: '0123456789abcdef'.repeat(4),
    signerSha256: 'FEDCBA9876543210'.repeat(4),
    finalSha256: '00112233445566778899aabbccddeeff'.repeat(2),
    hashSplit: 48,
    categories: [
      {
        heading: 'OS Integrity',
        plugins: ['os_integrity'],
        parameters: ['root_detection', 'unknown_sources_detection'],
      },
      { heading: 'Secure Communication', plugins: ['secure_communication'], parameters: [] },
    ],
    other: ['openssl', 'threat_events'],
    intelligence: [
      ['Root Detection', 'In-App Detection'],
      ['Detect Unknown Sources', 'In-App Detection'],
      ['Prevent MiTM Attacks', 'In-App Defense'],
    ],
    missing: ['RootedDevice'],
    context: true,
    end: 'signed',
    optimize: true,
    ...changes,
  };
}

const REGULAR = 'f1';
const BOLD = 'f2';
/** Mean advance of the real font, in parts of its size. Close enough: gaps are what counts. */
const ADVANCE = 0.55;

/** Sets runs from the top of the page down. */
export class Page {
  readonly runs: TextRun[] = [];
  y = PAGE_HEIGHT - 120;

  at(x: number, text: string, size = 10, font = REGULAR, dy = 0): TextRun {
    const run = { page: 1, x, y: this.y + dy, width: text.length * size * ADVANCE, size, font, text };
    this.runs.push(run);
    return run;
  }

  down(points: number): void {
    this.y -= points;
  }

  /** Words wrapped at `limit` points, as the real document wraps sentences. */
  paragraph(x: number, text: string, limit: number, pitch: number, size = 10): void {
    let line = '';
    let first = true;
    const flush = () => {
      if (!first) this.down(pitch);
      this.at(x, line, size);
      first = false;
      line = '';
    };
    for (const word of text.split(' ')) {
      const next = line === '' ? word : `${line} ${word}`;
      if (line !== '' && next.length * size * ADVANCE > limit) {
        flush();
        line = word;
      } else {
        line = next;
      }
    }
    flush();
  }

  labelled(x: number, label: string, valueX: number, value: string): void {
    this.at(x, label);
    this.paragraph(valueX, value, 330, 12);
  }

  hash(x: number, label: string, valueX: number, hash: string, split: number): void {
    this.at(x, label);
    this.at(valueX, hash.slice(0, split));
    if (split < hash.length) {
      this.down(12);
      this.at(valueX, hash.slice(split));
    }
  }

  chips(label: string, x: number, chips: readonly string[], gap: number): void {
    this.at(65, label);
    let left = x;
    for (const chip of chips) {
      const width = chip.length * 8 * ADVANCE;
      if (left > x && left + width > 548) {
        left = x;
        this.down(29);
      }
      this.at(left, chip, 8);
      left += width + gap;
    }
  }

  pills(pills: ReadonlyArray<readonly [string, string]>): void {
    let left = 93;
    for (const [name, mode] of pills) {
      const bold = `${name}:`;
      const width = (bold.length + 1 + mode.length) * 8 * ADVANCE;
      if (left > 93 && left + width > 548) {
        left = 93;
        this.down(29);
      }
      const run = this.at(left, bold, 8, BOLD);
      if (mode !== '') this.at(left + run.width + 2.8, mode, 8);
      left += width + 16;
    }
  }

  text(): PdfText {
    return { pages: [{ width: 596, height: PAGE_HEIGHT }], runs: this.runs };
  }
}

const TIME = '3-Feb-26, 09:05 UTC';

function capitals(name: string): string {
  return name.replace(/(^|\s)(\p{Ll})/gu, (_, space: string, letter: string) => space + letter.toUpperCase());
}

function head(page: Page, f: PageFields): void {
  page.paragraph(126, f.appName, 400, 15, 12);
  page.down(20);
  page.at(126, `Version ${f.version} (${f.buildNumber})`);
  page.down(20);
  page.at(126, f.bundleId);
  page.down(16);
  page.at(128, 'For');
  page.down(26);
  page.at(57, 'Certification', 12);
  page.down(32);
  const sentence =
    `This certifies that Appdome has secured ${f.appName} Version ${f.version}, build #${f.buildNumber} for ${f.platform} ` +
    'with the security features identified in this certificate on 3-Feb-26.';
  page.paragraph(58, sentence, 500, 14);
  page.down(28);
  page.labelled(59, 'Certificate Creation:', 213, `${TIME} by ${f.user}`);
  page.down(18);
  page.labelled(59, 'Build ID:', 213, f.buildId);
  page.down(28);
  page.labelled(59, 'Appdome Version:', 213, '9.8.7.6543');
  page.down(71);
  page.paragraph(64, `App Added by ${f.user} on ${TIME}`, 485, 14);
  page.down(25);
  page.labelled(65, 'App ID:', 218, f.appId);
  page.down(19);
  page.labelled(65, 'Bundle ID:', 218, f.bundleId);
  page.down(19);
  page.labelled(65, 'Version:', 218, f.version);
  page.down(21);
  page.hash(80, 'Orig App SHA-256:', 218, f.originalSha256, f.hashSplit);
  page.down(24);
  page.labelled(80, 'Orig App Size:', 218, '12.3M');
}

function secured(page: Page, f: PageFields): void {
  page.down(58);
  page.paragraph(
    64,
    `App Secured via API (SampleClient) with ${f.fusionSetName} Fusion Set by ${f.user} on ${TIME}`,
    485,
    14,
  );
  page.down(25);
  page.labelled(65, 'Fusion Set ID:', 218, f.fusionSetId);
  page.down(41);
  page.labelled(74, 'Last Modified:', 217, `2-Feb-26, 23:59 UTC by ${f.user}`);
  page.down(38);
  page.labelled(65, 'Covered OS:', 245, `${f.platform} | Appdome OS support policy`);
  page.down(28);
  for (const [x, name] of [
    [233, 'Android 15'],
    [317, 'Android 14'],
    [400, 'Android 13'],
  ] as const)
    page.at(x, name);
  page.down(28);
  // The real label stands one point lower than its value.
  page.at(80, 'Annotation:', 10, REGULAR, -1);
  page.paragraph(219, f.annotation, 330, 14);
  page.down(22);
  page.labelled(80, 'Security Inside:', 219, '- 1.5M');
}

function security(page: Page, f: PageFields): void {
  page.down(43);
  page.paragraph(65, `APPDOME MOBILE APP SECURITY In "${capitals(f.fusionSetName)}" FUSION SET`, 485, 14);
  for (const [index, { heading, plugins, parameters }] of f.categories.entries()) {
    page.down(index === 0 ? 27 : 59);
    page.at(68, heading);
    if (plugins.length > 0) {
      page.down(37);
      page.chips('Plugins:', 167.5, plugins, 43);
    }
    if (parameters.length > 0) {
      page.down(34);
      page.chips('Parameters:', 166.5, parameters, 41);
    }
  }
  if (f.other.length > 0) {
    page.down(56);
    page.paragraph(65, `Other In "${capitals(f.fusionSetName)}" FUSION SET`, 485, 14);
    page.down(27);
    page.at(505, '+ 5.44M');
    page.down(37);
    page.chips('Plugins:', 152, f.other, 27);
  }
  if (f.intelligence.length > 0) {
    page.down(57);
    page.at(89, 'APPLICATION THREAT INTELLIGENCE');
    page.down(31);
    page.pills(f.intelligence);
  }
  if (f.missing.length > 0) {
    page.down(29);
    page.at(89, 'The following implementations for Threat-Events appear to be missing:', 8, BOLD);
    for (const name of f.missing) {
      page.down(21);
      page.at(93, name, 8, BOLD);
    }
  }
  if (f.optimize) {
    page.down(34);
    page.at(68, 'Optimize Build');
    page.at(507, '-12.35M');
  }
}

function tail(page: Page, f: PageFields): void {
  const by = `${f.fusionSetName} Fusion Set by ${f.user} on ${TIME}`;
  if (f.context) {
    page.down(54);
    page.paragraph(65, `Added Context via API - (SampleClient) with ${by}`, 485, 14);
    page.down(44);
    page.at(66, 'App Preview:');
    page.paragraph(212, f.appName, 330, 15);
    page.down(17);
    page.at(212, `Version ${f.version} (${f.buildNumber})`);
    page.down(17);
    page.at(212, f.bundleId);
  }
  if (f.end === 'sealed') {
    page.down(57);
    page.paragraph(66, `App Sealed via API (SampleClient) with ${by}`, 485, 14);
  }
  if (f.end === 'signed') {
    page.down(57);
    page.paragraph(66, `App Signed via API (SampleClient) on Appdome with ${by}`, 485, 14);
    page.down(35);
    page.paragraph(78, `This app is signed correctly by owner ${f.signer}`, 460, 15);
    page.down(20);
    page.at(78, 'The app signature will expire on Feb 3, 2046, 09:06:07');
    page.down(18);
    page.hash(95, 'Certificate SHA-256:', 233, f.signerSha256, f.hashSplit);
    page.down(52);
    page.hash(97, 'Final App SHA-256:', 235, f.finalSha256, f.hashSplit);
    page.down(24);
    page.labelled(97, 'Final App Size:', 235, '13.4M');
  }
}

/** @param disturb sets more text, or changes what was set */
export function pageOf(changes: Partial<PageFields> = {}, disturb: (page: Page) => void = () => {}): PdfText {
  const page = new Page();
  const f = fields(changes);
  head(page, f);
  secured(page, f);
  security(page, f);
  tail(page, f);
  disturb(page);
  return page.text();
}

/** The run that shows this text, for tests that set something beside it. */
export function runOf(page: Page, text: string): TextRun {
  const run = page.runs.find((candidate) => candidate.text === text);
  if (run === undefined) throw new Error(`no run ${text}`);
  return run;
}
