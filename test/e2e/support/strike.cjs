/**
 * Loaded into the CLI before it starts (`node --require`): sends it a signal at an exact point, where a test that only watches from outside
 * would be early or late. `STRIKE="SIGKILL after 3 fusegate-journal.json"`: after the third time that a file of that name is put in its
 * place; `before`: just before that.
 */
const { writeFileSync } = require('node:fs');
const fs = require('node:fs/promises');
const path = require('node:path');

const [signal, when, times, name] = (process.env.STRIKE ?? '').split(' ');
const { rename } = fs;
let count = 0;

/** `STRUCK_AT` names the file that gets the time of it. */
function strike() {
  if (process.env.STRUCK_AT) writeFileSync(process.env.STRUCK_AT, String(Date.now()));
  process.kill(process.pid, signal);
}

fs.rename = async (from, to) => {
  const named = path.basename(String(to)) === name;
  if (named) count += 1;
  const strikes = named && count === Number(times);
  if (strikes && when === 'before') strike();
  await rename(from, to);
  if (strikes && when === 'after') strike();
};
