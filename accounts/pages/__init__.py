"""Pages for people who follow a link from a mail."""
