from generation.evaluation.briefs import SETS, load


def test_the_sets_have_their_sizes_and_share_no_title() -> None:
    sets = {name: load(name) for name in SETS}
    assert {name: len(briefs) for name, briefs in sets.items()} == {"dev": 20, "heldout": 30, "robust": 8}
    titles = [brief.title.lower() for briefs in sets.values() for brief in briefs]
    assert len(set(titles)) == len(titles)
    for briefs in sets.values():
        assert len({brief.id for brief in briefs}) == len(briefs)


def test_the_sets_to_evaluate_on_hold_all_kinds_and_a_brief_without_notes() -> None:
    wanted = {"how-to", "opinion", "release note", "review", "travel", "science", "empty brief"}
    for name in ("dev", "heldout"):
        assert wanted <= {brief.kind for brief in load(name)}
        assert "" in {brief.notes for brief in load(name)}
