// A question before the page is left with words that nobody has saved.

const form = document.getElementById("blogpost_form");
let isSent = false;

/** Whether a field differs from what the server sent; a form that came back with an error holds unsaved words too. */
function isEdited() {
  if (form.querySelector(".errornote, .conflict")) return true;
  return [...form.elements].some((field) => {
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue;
  });
}

if (form) {
  // A button that opens a new tab, such as Preview, saves nothing.
  form.addEventListener("submit", (event) => {
    isSent = event.submitter?.formTarget !== "_blank";
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && isEdited()) event.preventDefault();
  });
}
