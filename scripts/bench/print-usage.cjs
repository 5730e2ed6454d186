// Preloaded into the measured process: reports what it used, which the parent cannot see on every system.
const { writeFileSync } = require('node:fs');
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  // maxRSS is in kilobytes on every platform: https://nodejs.org/docs/latest-v20.x/api/process.html#processresourceusage
  const usage = { maxRssBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  writeFileSync(process.env['FUSEGATE_BENCH_USAGE_FILE'] ?? 'usage.json', JSON.stringify(usage));
});
