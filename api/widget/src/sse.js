/** Server-sent events out of a stream of bytes, however these are cut. */

/**
 * Each event with its name and its data as text; an event that the end of the stream cuts is left out.
 *
 * @param {ReadableStream<Uint8Array>} readable
 * @param {() => void} [alive] called for whatever comes, comments too
 * @returns {AsyncGenerator<{event: string, data: string}, void, void>}
 */
export async function* events(readable, alive = () => {}) {
  const reader = readable.getReader(), decoder = new TextDecoder();
  let rest = "", event = "", data = "", ended = false;
  try {
    while (!ended) {
      const { value, done } = await reader.read();
      alive();
      ended = done;
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A CR at the very end may be the first half of a CRLF.
      const lines = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
      rest = lines[lines.length - 1];
      for (let line = 0; line < lines.length - 1; line++) {
        const [, field, value] = /** @type {string[]} */ (/^([^:]*):? ?([^]*)/.exec(lines[line]));
        if (field === "event") event = value;
        else if (field === "data") data += value + "\n";
        else if (!lines[line]) {
          if (data) yield { event: event || "message", data: data.slice(0, -1) };
          event = data = "";
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
