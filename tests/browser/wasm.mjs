/** A module whose memory ends sooner. */

/** @param {Buffer} bytes of a module with a memory of its own @param {number} megabytes */
export function limited(bytes, megabytes) {
  const sections = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const [size, body] = leb(bytes, at + 1);
    let section = bytes.subarray(at, body + size);
    if (bytes[at] === 5) {
      // One memory, so far without a limit: its least number of pages of 64 KiB follows.
      if (bytes[body] !== 1 || bytes[body + 1] !== 0) throw new Error("the module's memory is not as expected");
      const [least] = leb(bytes, body + 2);
      const content = [1, 1, ...lebOf(least), ...lebOf(16 * megabytes)];
      section = Buffer.from([5, ...lebOf(content.length), ...content]);
    }
    sections.push(section);
    at = body + size;
  }
  return Buffer.concat(sections);
}

/** A number in WebAssembly's variable length, and where the next thing begins. @param {Buffer} bytes @param {number} at @returns {[number, number]} */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

/** @param {number} value @returns {number[]} */
const lebOf = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...lebOf(value >>> 7)]);
