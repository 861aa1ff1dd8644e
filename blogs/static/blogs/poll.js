// Asking the server again and again, for as long as it is worth it.

const FIRST_PAUSE = 1000; // milliseconds
const LONGEST_PAUSE = 30000; // between two tries of a server that does not answer

/** A page the browser may not have any more: logged out, or no right to it. */
class NotAllowed extends Error {}

const tags = new Map();

/** Return what an address answers now, or null if that is what it answered before. */
export async function fresh(address) {
  const headers = { Accept: "application/json" };
  if (tags.has(address)) headers["If-None-Match"] = tags.get(address);
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual", credentials: "same-origin" });
  if (answer.status === 304) return null;
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) throw new NotAllowed();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const body = await answer.json();
  tags.clear(); // addresses change with what a page shows: the last one is all that will be asked for again
  tags.set(address, answer.headers.get("ETag"));
  return body;
}

/**
 * Call `look` about once a second while the tab can be seen and `look` answers true.
 *
 * Return a function that starts it again, or for the first time if `wanted` was false.
 */
export function keepLooking(look, wanted) {
  let timer = 0;
  let busy = false;
  let again = false;
  let pause = FIRST_PAUSE;

  async function turn() {
    clearTimeout(timer);
    if (busy || !wanted || document.hidden) return;
    busy = true;
    try {
      wanted = (await look()) || again;
      pause = FIRST_PAUSE;
    } catch (error) {
      wanted = !(error instanceof NotAllowed);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    busy = again = false;
    if (wanted) timer = setTimeout(turn, pause);
  }

  document.addEventListener("visibilitychange", turn);
  timer = setTimeout(turn, pause);
  return () => {
    wanted = again = true;
    turn();
  };
}

const shown = new WeakMap();

/** Put `html`, which our server made, into `element` unless it is what was put there last. */
export function show(element, html) {
  if (!element || shown.get(element) === html) return;
  shown.set(element, html);
  if (element.innerHTML !== html) element.innerHTML = html;
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** Let the ages in `root` grow. */
export function age(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
    const text = words.format(-Math.floor(seconds / size), unit);
    if (time.textContent !== text) time.textContent = text;
  }
}
