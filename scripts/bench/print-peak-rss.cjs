// Preloaded into the measured process: reports its own peak, which the parent cannot see on every system.
const { writeFileSync } = require('node:fs');
process.on('exit', () => {
  // maxRSS is in kilobytes on every platform: https://nodejs.org/docs/latest-v20.x/api/process.html#processresourceusage
  writeFileSync(process.env['FUSEGATE_BENCH_RSS_FILE'] ?? 'peak-rss', String(process.resourceUsage().maxRSS * 1024));
});
