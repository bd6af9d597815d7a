// Shows what the answer says is wrong, beside the field that it is about.

import { element } from "./element.js";

const CONTROLS = "input, select, textarea";

export function clearErrors(form) {
  for (const message of form.querySelectorAll(".error")) {
    for (const control of form.querySelectorAll(`[aria-describedby~="${message.id}"]`)) {
      const others = control.getAttribute("aria-describedby").split(" ");
      const left = others.filter((id) => id !== message.id).join(" ");
      control.removeAttribute("aria-invalid");
      if (left) {
        control.setAttribute("aria-describedby", left);
      } else {
        control.removeAttribute("aria-describedby");
      }
    }
    message.parentElement.classList.remove("wrong");
    message.remove();
  }
}

/** Marks the fields, and moves to the first one. Returns the messages that have no field. */
export function showErrors(form, errors) {
  const homeless = [];
  for (const { pointer, message } of errors) {
    const place = placeOf(form, pointer);
    if (place) {
      mark(place, message);
    } else {
      homeless.push(message);
    }
  }
  form.querySelector("[aria-invalid]")?.focus();
  return homeless;
}

/** `/fields/interests/0` belongs to the field `/fields/interests`. */
function placeOf(form, pointer) {
  for (let path = pointer; path; path = path.slice(0, path.lastIndexOf("/"))) {
    const place = form.querySelector(`[data-pointer="${CSS.escape(path)}"]`);
    if (place) {
      return place;
    }
  }
  return null;
}

function mark(place, message) {
  const id = `error${place.dataset.pointer.replaceAll("/", "-")}`;
  const already = document.getElementById(id);
  if (already) {
    already.append(` ${message}`);
    return;
  }
  place.classList.add("wrong");
  place.append(element("p", { class: "error", id }, message));
  for (const control of place.querySelectorAll(CONTROLS)) {
    const others = control.getAttribute("aria-describedby");
    control.setAttribute("aria-describedby", others ? `${others} ${id}` : id);
    control.setAttribute("aria-invalid", "true");
  }
}
