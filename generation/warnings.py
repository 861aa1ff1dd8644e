"""The warnings of a generation, as the findings of the checks that they are."""

from generation.models import Generation
from generation.writer.checks.findings import Finding, FindingName


def warnings_of(generation: Generation) -> list[Finding]:
    """Return what the checks found in its text; what keeps a text from going live by itself comes first."""
    findings = [Finding(**saved | {"name": FindingName(saved["name"])}) for saved in generation.warnings]
    return sorted(findings, key=lambda finding: not finding.name.holds_back)
