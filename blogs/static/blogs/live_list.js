// The list of posts: live updates of status, progress, failure and age while posts are unfinished.

import { fetchChanged, poll, show, updateAges } from "./poll.js";

const list = document.getElementById("result_list");
const address = new URL("live/", location.origin + location.pathname);

function rows() {
  return [...list.querySelectorAll("[data-post]")].map((mark) => ({
    id: mark.dataset.post,
    running: mark.dataset.running === "yes",
    row: mark.closest("tr"),
  }));
}

async function refresh() {
  const unfinished = rows().filter((post) => post.running);
  if (!unfinished.length) return false;
  const ids = unfinished.map((post) => post.id).sort();
  const answer = await fetchChanged(`${address}?ids=${ids.join(",")}`);
  for (const { id, row } of answer ? unfinished : []) {
    const columns = answer.posts[id];
    if (columns) update(row, columns);
    else markGone(row);
  }
  unfinished.forEach(({ row }) => updateAges(row));
  return true;
}

function update(row, columns) {
  for (const [name, html] of Object.entries(columns)) show(row.querySelector(`.field-${name}`), html);
}

/** Mark a post that was deleted meanwhile, or is no longer the user's. */
function markGone(row) {
  row.classList.add("gone");
  row.querySelector("[data-post]").dataset.running = "no";
}

if (list) poll(refresh, rows().some((post) => post.running));
