/**
 * `fusegate-report.html`: one file that a security lead can forward. It runs no script and loads nothing, and a content policy in its head
 * enforces that: even text that slipped through every escape could do nothing.
 */
import { createHash } from 'node:crypto';
import type { FusegateResult } from '../../model/result.ts';
import { type DetailOption, shownTo } from '../withhold-names.ts';
import { archiveSections } from './archive.ts';
import { sectionMarkup } from './pieces.ts';
import { reportSections } from './sections.ts';
import { STYLE } from './style.ts';
import { Html, html } from './template.ts';
import { pageHeader, titleOf, verdictSection } from './verdict.ts';

/** Only this style sheet; the empty icon keeps browsers from requesting one. */
const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** @returns a whole HTML document, UTF-8 */
export function renderHtml(whole: FusegateResult, options: DetailOption): string {
  const result = shownTo(whole, options);
  const sections = result.builds
    ? archiveSections(result, whole, options.detail)
    : reportSections(result, whole, options.detail);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(CONTENT_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${titleOf(result)}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<div class="page">
${pageHeader(result)}<main id="main" tabindex="-1">
${verdictSection(result)}${sections.map(sectionMarkup)}</main>
<footer>
<p>Made by Fusegate ${result.tool.version} from <code>fusegate-result.json</code>, which holds the same facts for machines. This page holds no certificate and no account user&#8217;s name.</p>
</footer>
</div>
</body>
</html>
`;
  return page.toString();
}
