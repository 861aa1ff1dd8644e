// A post's page: it follows a generation, and puts the new text into the form unless the editor has typed in it.

import { fetchChanged, poll, show, updateAges } from "./poll.js";

const box = document.getElementById("post-box");
const soFar = document.getElementById("so-far");
const field = (name) => document.getElementById(`id_${name}`);

/** Whether title or text differ from what the server sent; a form that shows a conflict is the editor's own. */
function isEdited() {
  const texts = [field("title"), field("content")].filter(Boolean);
  return box.dataset.conflict === "yes" || texts.some((text) => text.value !== text.defaultValue);
}

function note(message) {
  document.getElementById("post-note").textContent = message;
}

function showText(heading, text) {
  soFar.querySelector("h2").textContent = heading;
  const place = soFar.querySelector("pre");
  // Only new text is added, so that a screen reader reads no more than that and a selection stays.
  if (text.startsWith(place.textContent)) place.append(text.slice(place.textContent.length));
  else place.textContent = text;
  soFar.hidden = !text;
}

/** Put a text that went live into the form, or show it above a form that the editor has typed in. */
function land(revision, text) {
  box.dataset.revision = revision;
  if (isEdited()) {
    note(`Revision ${revision} is live now. Your edits are kept; when you save, you choose between the two texts.`);
    showText(`Live text: ${text.title}`, text.content);
    return;
  }
  for (const name of ["title", "content"]) {
    const place = field(name);
    if (place) place.value = place.defaultValue = text[name];
  }
  const seen = field("seen_revision");
  if (seen) seen.value = revision;
  document.querySelector("#content > h2")?.replaceChildren(text.title);
  showText("", "");
  note(`Revision ${revision} is live now, and shown in the form.`);
}

async function refresh() {
  const answer = await fetchChanged(`${box.dataset.live}?revision=${box.dataset.revision}`);
  if (answer) update(answer);
  updateAges(box);
  return box.dataset.running === "yes";
}

function update(answer) {
  box.dataset.running = answer.running ? "yes" : "no";
  for (const [name, html] of Object.entries(answer.slots)) show(box.querySelector(`[data-slot="${name}"]`), html);
  if (answer.running) showText("Text so far", answer.so_far);
  if (answer.text) land(answer.revision, answer.text);
  else if (!answer.running) note(""); // the slots say how it ended
  if (!answer.running && !isEdited()) showText("", "");
}

/** Send a button of the box without leaving the page, so that the form keeps what was typed. */
async function press(event) {
  event.preventDefault();
  event.submitter.disabled = true;
  const form = { method: "POST", body: new FormData(box), headers: { Accept: "application/json" } };
  const answer = await fetch(event.submitter.formAction, form).catch(() => null);
  const body = await answer?.json().catch(() => null);
  event.submitter.disabled = false;
  note(body?.detail ?? "The server did not respond. Try again.");
  startPolling();
}

let startPolling = () => {};
if (box) {
  startPolling = poll(refresh, box.dataset.running === "yes");
  box.addEventListener("submit", press);
  box.addEventListener("click", (event) => {
    if (event.target.hash) document.querySelector(event.target.hash)?.focus();
  });
}
