/** Whether a binary file begins like a message of GnuPG: with an encrypted session key, and data behind it (RFC 9580 §4.2, §5.1, §5.3). */

const PUBLIC_KEY_SESSION = 1;
const PASSPHRASE_SESSION = 3;
/** What follows a session key: another one, or the encrypted data. */
const FOLLOWERS: readonly number[] = [PUBLIC_KEY_SESSION, PASSPHRASE_SESSION, 9, 18, 20];

export function isGpgMessage(bytes: Buffer): boolean {
  const first = packetAt(bytes, 0);
  if (first === undefined || !isSessionKey(first.tag, bytes.subarray(first.start, first.end))) return false;
  const next = packetAt(bytes, first.end);
  return next !== undefined && FOLLOWERS.includes(next.tag);
}

/** RSA, Elgamal, ECDH, X25519, X448. */
const ALGORITHMS: readonly number[] = [1, 2, 16, 18, 25, 26];
const LAST_CIPHER = 13;

function isSessionKey(tag: number, body: Buffer): boolean {
  const [version = 0, cipher = 0] = body;
  if (tag === PUBLIC_KEY_SESSION) return version === 6 || (version === 3 && ALGORITHMS.includes(body[9] ?? 0));
  return (
    tag === PASSPHRASE_SESSION &&
    version >= 4 &&
    version <= 6 &&
    cipher >= 1 &&
    (version === 6 || cipher <= LAST_CIPHER)
  );
}

/** The head of a packet, in the old form or the new one. The end may lie beyond a file that was cut; of a packet in parts, it is that of the first. */
function packetAt(bytes: Buffer, at: number): { tag: number; start: number; end: number } | undefined {
  const [head = 0, first = 0, second = 0] = bytes.subarray(at, at + 3);
  if (head < 0x80) return undefined;
  const isNew = head >= 0xc0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  const sized = (count: number, from: number) => {
    const start = from + count;
    return start > bytes.length ? undefined : { tag, start, end: start + bytes.readUIntBE(from, count) };
  };
  if (!isNew) {
    const count = [1, 2, 4][head & 3];
    return count === undefined ? { tag, start: at + 1, end: bytes.length } : sized(count, at + 1);
  }
  if (first === 0xff) return sized(4, at + 2);
  if (first < 192 || first >= 224)
    return { tag, start: at + 2, end: at + 2 + (first < 192 ? first : 1 << (first & 0x1f)) };
  return { tag, start: at + 3, end: at + 3 + ((first - 192) << 8) + second + 192 };
}
