// Turns a form's description into fields. templates/form_fields.html builds the same markup for
// the page without JavaScript. `pointer` is where the answer stands in the posted JSON: errors
// come back with it (RFC 6901).

import { element } from "./element.js";

/** All parts of the form. `texts` are the website's own words, `hidden` its own answers. */
export function formParts(description, language, texts, hidden) {
  const local = { texts, localised: (words) => words[language] };
  return [
    ...description.fields.filter((field) => !field.hidden).map((field) => formField(field, local)),
    ...description.fields
      .filter((field) => field.hidden && field.id in hidden)
      .map((field) => element("input", { type: "hidden", name: field.id, value: hidden[field.id] })),
    consents(description.consents, local),
    element(
      "p",
      { class: "privacy" },
      element("a", { href: local.localised(description.privacyPolicyUrl) }, texts.privacy),
    ),
    honeypot(description.honeypot, texts),
    element("button", { class: "button", type: "submit" }, texts.submit),
  ];
}

function formField(field, local) {
  const pointer = `/fields/${field.id}`;
  if (field.kind === "yesNo") {
    return element(
      "div",
      { class: "field box", "data-pointer": pointer },
      element("input", { type: "checkbox", value: "true", ...names(field) }),
      element("label", { for: `field-${field.id}` }, local.localised(field.label)),
      hint(field, local),
    );
  }
  if (field.kind === "multipleChoice") {
    return element(
      "fieldset",
      { class: "field", "data-pointer": pointer, "aria-describedby": describedBy(field) },
      element("legend", {}, local.localised(field.label), optional(field, local)),
      hint(field, local),
      ...field.options.map((option, index) => {
        const id = `field-${field.id}-${index + 1}`;
        return element(
          "div",
          { class: "box" },
          element("input", { type: "checkbox", id, name: field.id, value: option.value }),
          element("label", { for: id }, local.localised(option.label)),
        );
      }),
    );
  }
  return element(
    "div",
    { class: "field", "data-pointer": pointer },
    label(field, local),
    hint(field, local),
    control(field, local),
  );
}

function control(field, local) {
  const length = { minlength: field.minLength, maxlength: field.maxLength };
  switch (field.kind) {
    case "choice":
      return element(
        "select",
        names(field),
        element("option", { value: "" }, local.texts.choose),
        ...field.options.map((option) =>
          element("option", { value: option.value }, local.localised(option.label)),
        ),
      );
    case "date":
      return element("input", {
        type: "date",
        ...names(field),
        min: field.earliest,
        max: field.latest,
      });
    case "email":
      return element("input", { type: "email", spellcheck: "false", ...names(field), ...length });
    case "phone":
      return element("input", { type: "tel", ...names(field), ...length });
    default:
      return field.multiline
        ? element("textarea", { rows: "4", ...names(field), ...length })
        : element("input", { type: "text", ...names(field), ...length });
  }
}

function consents(offered, local) {
  return element(
    "fieldset",
    { class: "consents", "data-pointer": "/consents" },
    element("legend", {}, local.texts.consents),
    ...offered.map((consent) => {
      const id = `consent-${consent.id}`;
      return element(
        "div",
        { class: "box", "data-pointer": `/consents/${consent.id}` },
        element("input", {
          type: "checkbox",
          id,
          name: "consent",
          value: consent.id,
          required: consent.required,
        }),
        element("label", { for: id }, local.localised(consent.text), optional(consent, local)),
      );
    }),
  );
}

// Only programs fill this in: no person sees it, no screen reader reads it.
function honeypot(name, texts) {
  const id = `field-${name}`;
  return element(
    "div",
    { class: "left-empty", "aria-hidden": "true" },
    element("label", { for: id }, texts.leaveEmpty),
    element("input", { id, name, tabindex: "-1", autocomplete: "off" }),
  );
}

function names(field) {
  return {
    id: `field-${field.id}`,
    name: field.id,
    autocomplete: field.autocomplete,
    required: field.required,
    "aria-describedby": describedBy(field),
  };
}

function label(field, local) {
  const words = local.localised(field.label);
  return element("label", { for: `field-${field.id}` }, words, optional(field, local));
}

function hint(field, local) {
  return field.hint
    ? element("p", { class: "hint", id: `hint-${field.id}` }, local.localised(field.hint))
    : null;
}

function describedBy(field) {
  return field.hint ? `hint-${field.id}` : null;
}

function optional(part, local) {
  return part.required
    ? null
    : element("span", { class: "optional" }, ` ${local.texts.optional}`);
}
