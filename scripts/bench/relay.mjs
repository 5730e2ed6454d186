/**
 * A wire of a given speed, in a process of its own: `node relay.mjs PORT BITS_PER_SECOND` passes on what it gets on the port that it prints
 * to PORT of this machine. Each direction has its own rate, which all connections share.
 */
import { connect, createServer } from 'node:net';
import { TokenBucket } from './token-bucket.mjs';

const [port, bitsPerSecond] = process.argv.slice(2).map(Number);
/** What 16 ms let pass at 1 Gbit/s: a busy machine's timers are that late. */
const BURST = 2 << 20;

const wire = () => new TokenBucket({ bytesPerMs: Number(bitsPerSecond) / 8000, burst: BURST, now: performance.now() });
const [up, down] = [wire(), wire()];

/**
 * @param {import('node:net').Socket} from
 * @param {import('node:net').Socket} to
 * @param {TokenBucket} bucket
 */
function pass(from, to, bucket) {
  let reasons = 0;
  const hold = () => {
    reasons += 1;
    from.pause();
  };
  const release = () => {
    reasons -= 1;
    if (reasons === 0) from.resume();
  };
  from.on('data', (chunk) => {
    const wait = bucket.take(chunk.length, performance.now());
    if (wait >= 1) {
      hold();
      setTimeout(release, wait);
    }
    if (!to.write(chunk)) {
      hold();
      to.once('drain', release);
    }
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  // What it said last may still be on its way.
  from.on('close', () => to.end());
}

const server = createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: 256 << 10 }, (client) => {
  const service = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  pass(client, service, up);
  pass(service, client, down);
});
server.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`relay on http://127.0.0.1:${address.port}`);
});
