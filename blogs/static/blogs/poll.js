// Polling: while the tab is visible and something is unfinished, with longer pauses while the server does not answer.

const FIRST_PAUSE = 1000; // milliseconds
const LONGEST_PAUSE = 30000;

/** The user has logged out, or has lost the right to see the page. */
class NotAllowed extends Error {}

const tags = new Map();

/** Return what an address answers, or null if that has not changed since the last time. */
export async function fetchChanged(address) {
  const headers = { Accept: "application/json" };
  if (tags.has(address)) headers["If-None-Match"] = tags.get(address);
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual", credentials: "same-origin" });
  if (answer.status === 304) return null;
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) throw new NotAllowed();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const body = await answer.json();
  tags.clear(); // addresses change with what a page shows: only the latest is fetched again
  tags.set(address, answer.headers.get("ETag"));
  return body;
}

/**
 * Call `refresh` about once a second while the tab is visible and `refresh` answers true.
 *
 * Return a function that starts it again, or for the first time if `wanted` was false.
 */
export function poll(refresh, wanted) {
  let timer = 0;
  let busy = false;
  let again = false;
  let pause = FIRST_PAUSE;

  async function step() {
    clearTimeout(timer);
    if (busy || !wanted || document.hidden) return;
    busy = true;
    try {
      wanted = (await refresh()) || again;
      pause = FIRST_PAUSE;
    } catch (error) {
      wanted = !(error instanceof NotAllowed);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    busy = again = false;
    if (wanted) timer = setTimeout(step, pause);
  }

  document.addEventListener("visibilitychange", step);
  timer = setTimeout(step, pause);
  return () => {
    wanted = again = true;
    step();
  };
}

const shown = new WeakMap();

/** Put HTML from our server into `element`, unless it is what was put there last. */
export function show(element, html) {
  if (!element || shown.get(element) === html) return;
  shown.set(element, html);
  if (element.innerHTML !== html) element.innerHTML = html;
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** Bring the ages in `root` up to date. */
export function updateAges(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
    const text = format.format(-Math.floor(seconds / size), unit);
    if (time.textContent !== text) time.textContent = text;
  }
}
