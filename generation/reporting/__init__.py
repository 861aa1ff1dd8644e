"""Statistics, estimates and reports about generations, for editors and operators."""
