/**
 * The fonts inside a bundle, so that one file is the whole emulator. Chosen by the package import `#fonts` under esbuild's
 * condition `fusegate-bundle`; needs esbuild's loader `binary` for `.ttf`.
 */
import regular from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
import bold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf';

export function loadFonts(): Promise<{ regular: Uint8Array; bold: Uint8Array }> {
  return Promise.resolve({ regular, bold });
}
