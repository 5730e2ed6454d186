/** The build puts the bundled code of pdf-child.ts here, as text (scripts/bundling/aside.mjs). */
export const code = '';
