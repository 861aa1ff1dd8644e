"""What models put around a post, and how they write its headings."""

import json

import pytest

from generation.writer.tidy import json_in, tidy

POST = "Pots matter, and bigger ones more.\n\n## Clay\n\nIt breathes.\n\n## Water\n\nIn the morning."
TITLE = "Growing Tomatoes, Calmly"
AROUND = {
    "thoughts": f"<think>\nHm.\n</think>\n\n{POST}",
    "thoughts without their beginning": f"Okay, pots.\n</think>\n{POST}",
    "a fence": f"```markdown\n{POST}\n```",
    "a plain fence": f"```\n{POST}\n```",
    "a fence that never ends": f"```markdown\n{POST}",
    "a fence after a preamble": f"Sure! Here is the blog post:\n\n```markdown\n{POST}\n```",
    "a fence before an offer": f"```markdown\n{POST}\n```\nI hope this helps!",
    "a preamble": f"Here is the post:\n\n{POST}",
    "a preamble without a colon": f"Absolutely! I've written it to be friendly and practical.\n\n{POST}",
    "a German preamble": f"Gern, hier ist dein Blogbeitrag:\n\n{POST}",
    "the title as a heading": f"# {TITLE}\n\n{POST}",
    "the title in bold": f"**{TITLE}**\n\n{POST}",
    "the title underlined": f"{TITLE}\n=====\n\n{POST}",
    "the title as it is": f"{TITLE}\n\n{POST}",
    "the title as a second heading": f"## {TITLE}\n\n{POST}",
    "the title with a label": f"Title: {TITLE}\n\n{POST}",
    "the title twice": f"# {TITLE}\n\n**{TITLE}**\n\n{POST}",
    "an offer": f"{POST}\n\nWould you like me to adjust the tone or add a call to action?",
    "an offer after a rule": f"{POST}\n\n---\n\nIf you'd like, I can also turn this into a checklist.",
    "two offers": f"{POST}\n\nI hope this helps!\n\nLet me know if you'd like any changes.",
    "a German offer": f"{POST}\n\nMöchtest du, dass ich den Ton anpasse?",
    "a word count": f"{POST}\n\n(Word count: 350)",
    "its origin": f"{POST} This article was generated with the help of artificial intelligence.",
    "a token that ends a turn": f"{POST}<|im_end|>",
    "another turn": f"{POST}<|eot_id|>\nuser: And now?",
    "a token before": f"<|start_header_id|>assistant<|end_header_id|>\n\n{POST}",
    "a table of contents": f"**Table of contents**\n\n1. Clay\n2. Water\n\n{POST}",
    "everything": f"<think>Hm.</think>Sure! Here's your blog post:\n\n```markdown\n# {TITLE}\n\n{POST}\n```\n\n---\n\n"
    "Let me know if you want a shorter version!<|im_end|>",
}
HEADINGS = {
    "bold": POST.replace("## Clay", "**Clay**").replace("## Water", "**Water:**"),
    "underlined": POST.replace("## Clay", "Clay\n---").replace("## Water", "Water\n===="),
    "of the first level": POST.replace("## ", "# "),
    "of the third level": POST.replace("## ", "### "),
    "one of another level": POST.replace("## Water", "# Water"),
    "with word counts": POST.replace("## Clay", "## Clay (90 words)").replace("## Water", "## Water (~80 Wörter)"),
    "closed": POST.replace("## Clay", "## Clay ##"),
}
AS_THEY_ARE = [
    POST,
    "Sure, tomatoes are easy.\n\n## Clay\n\nIt breathes.",
    f"{POST}\n\nLet me know in the comments which pots you like best.",
    f"{POST}\n\n- one\n- two",
    "Intro.\n\n## Code\n\n```python\n# not a heading\nprint(1)\n```\n\n## End\n\nDone.",
    "Intro.\n\n## Tokens\n\nIt ends with `<|im_end|>`, always.\n\n## End\n\nDone.",
    "Intro.\n\n## Water\n\n**Never at noon.** The leaves burn.\n\n## 90 days\n\nThen they are ripe.",
    "## Clay\n\nIt breathes.\n\n---\n\nA rule is not a heading.",
]


@pytest.mark.parametrize("text", AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_a_post_is_removed(text: str) -> None:
    assert tidy(text, TITLE) == POST


@pytest.mark.parametrize("text", HEADINGS.values(), ids=HEADINGS.keys())
def test_headings_are_written_one_way(text: str) -> None:
    assert tidy(text, TITLE) == POST


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_a_post_without_any_of_it_stays_as_it_is(text: str) -> None:
    assert tidy(text, TITLE) == text


@pytest.mark.parametrize("text", [*AROUND.values(), *HEADINGS.values(), *AS_THEY_ARE])
def test_a_tidy_post_is_tidy(text: str) -> None:
    assert tidy(tidy(text, TITLE), TITLE) == tidy(text, TITLE)


@pytest.mark.parametrize(
    "around", ["{}", "```json\n{}\n```", "Here is the plan:\n{}\nTell me!", "<think>Hm. {{</think>{}<|im_end|>"]
)
def test_a_plan_is_found_in_what_stands_around_it(around: str) -> None:
    plan = {"title": "A {b}", "sections": []}
    assert json.loads(json_in(around.format(json.dumps(plan)))) == plan
