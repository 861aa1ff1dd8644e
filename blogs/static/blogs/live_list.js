// The list of posts: status, progress, failure and age of unfinished posts keep up by themselves.

import { age, fresh, keepLooking, show } from "./poll.js";

const list = document.getElementById("result_list");
const address = new URL("live/", location.origin + location.pathname);

function rows() {
  return [...list.querySelectorAll("[data-post]")].map((mark) => ({
    id: mark.dataset.post,
    running: mark.dataset.running === "yes",
    row: mark.closest("tr"),
  }));
}

async function look() {
  const unfinished = rows().filter((post) => post.running);
  if (!unfinished.length) return false;
  const shown = unfinished.map((post) => post.id).sort();
  const answer = await fresh(`${address}?ids=${shown.join(",")}`);
  for (const { id, row } of answer ? unfinished : []) {
    const cells = answer.posts[id];
    if (cells) update(row, cells);
    else forget(row);
  }
  unfinished.forEach(({ row }) => age(row));
  return true;
}

function update(row, cells) {
  for (const [name, html] of Object.entries(cells)) show(row.querySelector(`.field-${name}`), html);
}

function forget(row) {
  row.classList.add("gone"); // deleted meanwhile, or not ours any more
  row.querySelector("[data-post]").dataset.running = "no";
}

if (list) keepLooking(look, rows().some((post) => post.running));
