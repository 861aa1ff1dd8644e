"""The words that the checks know, by language: numbers, units, months, negations, and what machines like to write."""
