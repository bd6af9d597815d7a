/**
 * An HTML element; children that are strings become text, never markup.
 * An attribute that is false, null or undefined is left out; true means present.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) {
      made.setAttribute(attribute, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(attribute, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
