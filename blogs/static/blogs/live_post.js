// A post's page: it follows the writer, and takes the new text into the form unless the editor has typed.

import { age, fresh, keepLooking, show } from "./poll.js";

const panel = document.getElementById("post-panel");
const soFar = document.getElementById("so-far");
const field = (name) => document.getElementById(`id_${name}`);

/** Whether title or text are not as the server gave them; a form with a conflict is the editor's own. */
function isTyped() {
  const texts = [field("title"), field("content")].filter(Boolean);
  return panel.dataset.conflict === "yes" || texts.some((text) => text.value !== text.defaultValue);
}

function say(words) {
  document.getElementById("post-note").textContent = words;
}

function showText(heading, text) {
  soFar.querySelector("h2").textContent = heading;
  const place = soFar.querySelector("pre");
  // Only what is new is added: a screen reader says no more than that, and a selection stays.
  if (text.startsWith(place.textContent)) place.append(text.slice(place.textContent.length));
  else place.textContent = text;
  soFar.hidden = !text;
}

/** Take a text that went live into the form, or show it beside what the editor has typed. */
function land(revision, text) {
  panel.dataset.revision = revision;
  if (isTyped()) {
    say(`Revision ${revision} has gone live. What you typed is untouched: when you save you can choose between the two.`);
    showText(`Live now: ${text.title}`, text.content);
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
  say(`The new text is here: the form shows revision ${revision}.`);
}

async function look() {
  const answer = await fresh(`${panel.dataset.live}?revision=${panel.dataset.revision}`);
  if (answer) update(answer);
  age(panel);
  return panel.dataset.running === "yes";
}

function update(answer) {
  panel.dataset.running = answer.running ? "yes" : "no";
  for (const [name, html] of Object.entries(answer.slots)) show(panel.querySelector(`[data-slot="${name}"]`), html);
  if (answer.running) showText("The text so far", answer.so_far);
  if (answer.text) land(answer.revision, answer.text);
  else if (!answer.running) say(""); // the panel itself tells how it ended
  if (!answer.running && !isTyped()) showText("", "");
}

/** Press a button of the panel without leaving the page: what is in the form stays. */
async function press(event) {
  event.preventDefault();
  event.submitter.disabled = true;
  const form = { method: "POST", body: new FormData(panel), headers: { Accept: "application/json" } };
  const answer = await fetch(event.submitter.formAction, form).catch(() => null);
  const body = await answer?.json().catch(() => null);
  event.submitter.disabled = false;
  say(body?.detail ?? "The server did not answer. Try again.");
  lookAgain();
}

let lookAgain = () => {};
if (panel) {
  lookAgain = keepLooking(look, panel.dataset.running === "yes");
  panel.addEventListener("submit", press);
  panel.addEventListener("click", (event) => {
    if (event.target.hash) document.querySelector(event.target.hash)?.focus();
  });
}
