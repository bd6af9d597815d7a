// The computing time that some forms ask for. The widget works out of sight, when the form is sent.

import { element } from "./element.js";

// The widget would collect pointer movements for a service that this website does not use.
const CONFIGURATION = JSON.stringify({ humanInteractionSignature: false, minDuration: 0 });

/**
 * Two functions. `solution()` answers what goes into the registration as `altcha`: undefined when
 * the form asks for nothing, null when there is no solution at the moment. The same solution is
 * answered again, so that a registration can be repeated, until `discard()` or until it is too old.
 */
export async function proofOfWork(form, description) {
  if (!description.proofOfWork) {
    return { solution: async () => undefined, discard: () => {} };
  }
  await import("./altcha-widget.js");
  const widget = element("altcha-widget", {
    challenge: description.proofOfWork.challenge,
    configuration: CONFIGURATION,
    display: "invisible",
    hidden: true, // even its messages: this page says itself what is wrong
  });
  let solved = null;
  const discard = () => {
    solved = null;
  };
  widget.addEventListener("expired", discard);
  form.append(widget);
  return {
    async solution() {
      solved ??= (await widget.verify())?.payload ?? null;
      return solved;
    },
    discard,
  };
}
