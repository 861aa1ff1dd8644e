// Requests the next batch of a run; without this script the button does.

document.getElementById("bulk-next").requestSubmit();
