/**
 * A Host that lets no secret and no foreign command through. `run` gets this one, never the bare host.
 *
 * Text is masked before it is made harmless, since that could cut an escaped form so that it no longer matches. It is masked again
 * afterwards, since removed characters may have split a secret.
 */
import { defined } from '../model/defined.ts';
import type { Host, OutputName } from '../model/host.ts';
import { plainBlock, plainLine } from '../text/untrusted-text.ts';
import { hostForms } from './derived-forms.ts';
import type { Masker } from './masker.ts';
import { isOwnWord, isPublicPassword } from './own-word.ts';

/** Outputs that are ids, hashes or paths: an ordinary word in them is not a secret, and a masked path is useless. */
const VERBATIM_OUTPUTS: ReadonlySet<OutputName> = new Set<OutputName>([
  'app-id',
  'build-id',
  'protected-app',
  'rejected-app',
  'second-output',
  'deobfuscation-map',
  'certificate-json',
  'certificate-pdf',
  'verdict',
  'result',
  'report-html',
  'sha256',
]);

/** Paths may be longer than a log line. */
const LONGEST_OUTPUT = 8192;

/**
 * Registers the secrets that the masker already knows, and from then on everything that goes through `mask`.
 * @param masker shared with everything else that writes text: files, errors
 */
export function guardHost(host: Host, masker: Masker, secrets: Iterable<{ reveal(): string }> = []): Host {
  const line = (text: string) => masker.mask(plainLine(masker.mask(text)));
  const block = (text: string) => masker.mask(plainBlock(masker.mask(text)));
  const register = (value: string) => {
    masker.add(value);
    if (isPublicPassword(value)) return;
    for (const form of hostForms(value)) if (!isOwnWord(form)) host.mask(form);
  };
  for (const secret of secrets) register(secret.reveal());

  return {
    log: (level, text) => host.log(level, block(text)),
    progress: (progress) =>
      host.progress(progress.detail === undefined ? progress : { ...progress, detail: line(progress.detail) }),
    mask: register,
    setOutput: (name, value) =>
      host.setOutput(
        name,
        VERBATIM_OUTPUTS.has(name)
          ? plainLine(value, LONGEST_OUTPUT)
          : masker.mask(plainLine(masker.mask(value), LONGEST_OUTPUT)),
      ),
    annotate: (annotation) =>
      host.annotate({
        ...annotation,
        title: line(annotation.title),
        message: block(annotation.message),
        ...defined({ file: annotation.file && plainLine(annotation.file, LONGEST_OUTPUT) }),
      }),
    // report/ builds the summary's Markdown from escaped parts, so only secrets are left to mask here.
    summary: (markdown) => host.summary(masker.mask(markdown)),
    attachReport: (report) => host.attachReport(report),
    fail: (message, exitCode) => host.fail(block(message), exitCode),
  };
}
