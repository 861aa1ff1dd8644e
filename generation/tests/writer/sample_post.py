"""A brief and a sane post of it, which tests damage."""

TITLE = "Growing tomatoes on a balcony"
NOTES = "choose compact varieties; water in the morning; pinch out side shoots"
INTRODUCTION = """A sunny balcony is enough for growing tomatoes that taste of summer. With a little patience, even a
    narrow ledge above a noisy street can carry fruit from July until the first cold nights arrive."""
SECTIONS = {
    "Choose compact varieties": """Compact varieties stay low and need no tall stakes, which makes them the natural
        choice for a balcony. Seed catalogues call them bush or patio types, and most garden
        centres sell young plants in spring. Cherry types forgive beginners more than
        beefsteaks do, because their small fruit ripens early. Whatever the label promises,
        look for a sturdy stem and dark leaves before buying. Two different plants will spread
        the harvest over a longer season than twins would.""",
    "Water in the morning": """Roots drink best before the heat of the day begins. Water in the morning, slowly,
        until a few drops leave the bottom of the container, and keep the leaves dry. Evening
        watering leaves foliage damp during cool hours, and damp foliage invites blight. A
        finger pushed into the soil tells more than any calendar: when the top feels dry,
        another can is due. In hot weeks a layer of straw keeps moisture where it belongs.
        Uneven watering, by contrast, splits the skins of ripening fruit.""",
    "Pinch out side shoots": """Tall plants send out side shoots between stem and leaf, and every one of them takes
        strength from the fruit. Pinch them out between thumb and finger while they are young
        and soft. The wound heals within hours on a dry day. Bush types are an exception,
        since most of their harvest grows on exactly those branches. Remove yellow leaves near
        the soil at the same time, so that air can move freely around the plant and disease
        finds no easy way upwards.""",
    "Conclusion": """Tomatoes ask for light, steady care and very little space. Start with one pot this
        spring, learn what your own corner of the sky offers, and let the second year be the
        ambitious one.""",
}


def post(sections: dict[str, str] = SECTIONS, introduction: str = INTRODUCTION) -> str:
    parts = [introduction, *(f"## {heading}\n\n{text}" for heading, text in sections.items())]
    return "\n\n".join(" ".join(part.split()) if not part.startswith("##") else part for part in parts)
