// Node requires this before anything else: the process believes it is later than it is.
const ahead = Number(process.env.CLOCK_AHEAD_SECONDS) * 1000;
const RealDate = Date;
const now = () => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, parts) => new RealDate(...(parts.length ? parts : [now()])),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
