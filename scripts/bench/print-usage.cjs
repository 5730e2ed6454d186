// Preloaded into the measured process: reports what it used, which the parent cannot see on every system.
const { readFileSync, writeFileSync } = require('node:fs');

/** On Linux maxRSS counts the process that started this one, until this one has started. */
function peakRss() {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Another system.
  }
  // In kilobytes on every platform: https://nodejs.org/docs/latest-v20.x/api/process.html#processresourceusage
  return process.resourceUsage().maxRSS * 1024;
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { maxRssBytes: peakRss(), cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  writeFileSync(process.env['FUSEGATE_BENCH_USAGE_FILE'] ?? 'usage.json', JSON.stringify(usage));
});
