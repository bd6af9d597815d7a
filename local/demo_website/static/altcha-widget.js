// Defines <altcha-widget>. This edition of it brings no worker: a strict policy wants a file.

import "/altcha/altcha.js";
import "/altcha/de.js";
import "/altcha/fr.js";

globalThis.$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker("/altcha/pbkdf2.js"));
