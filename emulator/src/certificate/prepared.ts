/**
 * Certificates as the service has them: written while the build is at work, so nobody waits for one. A first one takes a tenth of a second,
 * in which the emulator answers nothing else.
 */
import type { CertificateModel } from './model.ts';
import { type PdfOptions, renderCertificatePdf } from './pdf.ts';

/** More than there are builds at work in most rehearsals; one that is gone is written again. */
const KEPT = 20;

export class PreparedCertificates {
  /** By all that the document depends on. */
  readonly #written = new Map<string, Promise<Uint8Array>>();
  readonly #kept: number;

  constructor(kept = KEPT) {
    this.#kept = kept;
  }

  /** @returns the PDF, as `renderCertificatePdf` writes it; asked for ahead, it is there when somebody wants it */
  pdf(model: CertificateModel, options: PdfOptions = {}): Promise<Uint8Array> {
    const key = JSON.stringify([model, options.shuffleSeed]);
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const written = renderCertificatePdf(model, options);
    this.#written.set(key, written);
    const [oldest] = this.#written.keys();
    if (oldest !== undefined && this.#written.size > this.#kept) this.#written.delete(oldest);
    return written;
  }
}
