// Asks for the next piece of a long run; without this script the button does.

document.getElementById("bulk-next").requestSubmit();
