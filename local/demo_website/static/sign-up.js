// The sign-up page: read the form's description, show it, post what the visitor entered.

import { element } from "./element.js";
import { clearErrors, showErrors } from "./field-errors.js";
import { formParts } from "./form-fields.js";
import { proofOfWork } from "./proof-of-work.js";
import { DEFAULT_WAIT_SECONDS, postRegistrationsTo, registrationOf } from "./registration.js";

const form = document.querySelector("form[data-description]");
const notice = document.getElementById("notice");
const texts = JSON.parse(form.dataset.texts);

await showForm();

async function showForm() {
  notice.replaceChildren(texts.loading);
  let description;
  let proof;
  try {
    const response = await fetch(form.dataset.description);
    if (!response.ok) {
      throw new Error(`${response.status} for ${form.dataset.description}`);
    }
    description = await response.json();
    proof = await proofOfWork(form, description);
  } catch (error) {
    console.error(error);
    const again = element("button", { class: "button", type: "button" }, texts.loadAgain);
    again.addEventListener("click", showForm);
    notice.replaceChildren(element("p", {}, texts.loadFailed), again);
    return;
  }
  const page = document.documentElement.lang;
  const language = description.languages.includes(page) ? page : description.languages[0];
  form.lang = language;
  form.append(...formParts(description, language, texts, JSON.parse(form.dataset.hidden)));
  form.hidden = false;
  notice.replaceChildren();
  takeSubmissions(description, language, proof);
}

function takeSubmissions(description, language, proof) {
  const post = postRegistrationsTo(description.submit);
  const button = form.querySelector("button[type=submit]");
  // Not `disabled`: that would take the keyboard focus away from the button.
  const pause = (words) => {
    button.setAttribute("aria-disabled", "true");
    button.textContent = words;
  };
  const resume = () => {
    button.removeAttribute("aria-disabled");
    button.textContent = texts.submit;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.hasAttribute("aria-disabled")) {
      return;
    }
    clearErrors(form);
    notice.replaceChildren();
    pause(texts.sending);
    const registration = registrationOf(form, description, language);
    const altcha = await proof.solution();
    const outcome =
      altcha === null
        ? { retryAfter: DEFAULT_WAIT_SECONDS }
        : await post({ ...registration, altcha });
    if (outcome.accepted) {
      thank(registration.fields.email);
    } else if (outcome.errors) {
      resume();
      if (outcome.errors.some(({ pointer }) => pointer === "/altcha")) {
        proof.discard();
      }
      const homeless = showErrors(form, outcome.errors);
      notice.replaceChildren(texts.checkAnswers, ...homeless.map((text) => element("p", {}, text)));
    } else if (outcome.retryAfter) {
      pause(texts.submit);
      notice.replaceChildren(texts.tryAgainIn.replace("{seconds}", outcome.retryAfter));
      setTimeout(() => {
        resume();
        notice.replaceChildren(texts.tryAgainNow);
      }, outcome.retryAfter * 1000);
    } else {
      resume();
      console.error(outcome.refused);
      notice.replaceChildren(texts.notAccepted);
    }
  });
}

function thank(email) {
  const heading = element("h2", { tabindex: "-1" }, texts.acceptedHeading);
  const [before, after] = texts.accepted.split("{email}");
  document
    .getElementById("sign-up")
    .replaceChildren(
      heading,
      element("p", {}, before, element("strong", { class: "address" }, email), after),
      element("p", { class: "hint" }, texts.acceptedHelp),
    );
  heading.focus();
}
