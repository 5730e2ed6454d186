/** The requests of a job, as they are seen on the wire. */

const post = (action: string) => new RegExp(`^POST /api/v1/tasks\\?[\\s\\S]*name="action"\\r\\n\\r\\n${action}\\r\\n`);

export const STEPS = {
  link: /^GET \/api\/v1\/upload-link/,
  'checksum look-up': /^POST \/api\/v1\/apps\/check-by-checksum/,
  PUT: /^PUT /,
  registration: /^POST \/api\/v1\/upload-using-link/,
  'upload status': /^GET \/api\/v1\/upload\/[^/]+\/status/,
  fuse: post('fuse'),
  'task status': /^GET \/api\/v1\/tasks\/[^/]+\/status/,
  context: post('context'),
  sign: post('sign'),
  download: /^GET \/api\/v1\/tasks\/[^/]+\/output/,
  'certificate PDF': /^GET \/api\/v1\/tasks\/[^/]+\/certificate\?/,
  'certificate JSON': /^GET \/api\/v1\/tasks\/[^/]+\/certificate-json/,
} as const;
export type StepName = keyof typeof STEPS;
