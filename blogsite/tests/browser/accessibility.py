"""What a page lacks for people who do not see it well, or not at all."""

from playwright.sync_api import Page

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
MISSING = """least => {
  document.getAnimations().filter(change => change instanceof CSSTransition).forEach(change => change.finish());
  const missing = [], shown = element => element.checkVisibility({visibilityProperty: true});
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = element => {
    const [low, high] = [light(numbers(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  if (document.documentElement.lang !== 'en' && document.documentElement.lang !== 'en-us') missing.push('lang');
  if (document.querySelector('[aria-invalid=true]') && !document.title.startsWith('Error: ')) missing.push('title');
  if (document.documentElement.scrollWidth > innerWidth) missing.push('width');
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].filter(shown).map(h => +h.tagName[1]);
  if (levels[0] !== 1 || levels.some((level, at) => at && level > levels[at - 1] + 1)) missing.push(`h${levels}`);
  for (const field of document.querySelectorAll('input:not([type=hidden], [type=submit]), select, textarea')) {
    const name = field.name || field.id;
    const described = (field.getAttribute('aria-describedby') || '').split(' ');
    if (shown(field) && !(field.labels.length || field.getAttribute('aria-label'))) missing.push(`label of ${name}`);
    if (described[0] && !described.every(id => document.getElementById(id))) missing.push(`description of ${name}`);
    if (field.ariaInvalid === 'true' && !described.includes(`${field.id}_error`)) missing.push(`error of ${name}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (text && shown(element) && contrast(element) < least) missing.push(`contrast of ${text}`);
  }
  return missing;
}"""


def what_is_missing(page: Page) -> list[str]:
    """Return labels, descriptions, headings, contrast and room that a page lacks, each in a few words."""
    found: list[str] = page.evaluate(MISSING, LEAST_CONTRAST)
    return found
