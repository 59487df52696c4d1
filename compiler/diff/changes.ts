import type { Fact } from "./facts.ts";

interface Common {
  readonly subject: string;
  readonly what: string;
  /** What it does to what the subject can reach; absent where it does nothing to it, or nobody can tell. */
  readonly rights?: "widened" | "narrowed";
}

/** One difference in meaning. */
export type Change =
  | (Common & { readonly kind: "added"; readonly after: string })
  | (Common & { readonly kind: "removed"; readonly before: string })
  | (Common & { readonly kind: "changed"; readonly before: string; readonly after: string })
  /** `subject` has it now, `from` had it. */
  | (Common & {
      readonly kind: "changed hands";
      readonly from: string;
      readonly before: string;
      readonly after: string;
    });

/** The differences of one subject, which may be new or gone as a whole. */
export interface SubjectChanges {
  readonly subject: string;
  readonly state: "new" | "gone" | "kept";
  readonly changes: readonly Change[];
}

/** What is no longer so, what is so now, and what is so in another way; by subject, in the order of the facts. */
export function changesOf(before: readonly Fact[], after: readonly Fact[]): readonly SubjectChanges[] {
  const old = byKey(before);
  const now = byKey(after);
  const gone = before.filter((fact) => !now.has(keyOf(fact)));
  const come = after.filter((fact) => !old.has(keyOf(fact)));
  const handedOver = new Map(come.flatMap((fact) => pairWith(fact, gone)));
  const given = new Set(handedOver.values());
  const changes = [
    ...gone.filter((fact) => !given.has(fact)).map(removed),
    ...after.flatMap((fact): readonly Change[] => {
      const earlier = old.get(keyOf(fact));
      if (earlier !== undefined) return identityOf(earlier) === identityOf(fact) ? [] : [changed(earlier, fact)];
      const from = handedOver.get(fact);
      return [from === undefined ? added(fact) : changedHands(from, fact)];
    }),
  ];
  return bySubject(changes, subjectsOf(before), subjectsOf(after));
}

const subjectsOf = (facts: readonly Fact[]): ReadonlySet<string> => new Set(facts.map(({ subject }) => subject));

function bySubject(
  changes: readonly Change[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly SubjectChanges[] {
  const grouped = new Map<string, Change[]>([...after, ...before].map((subject) => [subject, []]));
  for (const change of changes) grouped.get(change.subject)?.push(change);
  return [...grouped]
    .filter(([, its]) => its.length > 0)
    .map(([subject, its]) => ({
      subject,
      state: !before.has(subject) ? "new" : !after.has(subject) ? "gone" : "kept",
      changes: its,
    }));
}

/** Names are the user's own: no separator that they cannot hold would do but this one. */
const keyOf = ({ subject, what }: Fact): string => `${subject}\0${what}`;
const identityOf = ({ identity, value }: Fact): string => identity ?? value;
const byKey = (facts: readonly Fact[]): ReadonlyMap<string, Fact> =>
  new Map(facts.map((fact) => [keyOf(fact), fact] as const));

function pairWith(fact: Fact, gone: readonly Fact[]): readonly (readonly [Fact, Fact])[] {
  const from = fact.exclusive && gone.find(({ exclusive, what }) => exclusive && what === fact.what);
  return from ? [[fact, from]] : [];
}

const added = ({ subject, what, value, right }: Fact): Change => ({
  kind: "added",
  subject,
  what,
  after: value,
  ...(right && { rights: "widened" }),
});

const removed = ({ subject, what, value, right }: Fact): Change => ({
  kind: "removed",
  subject,
  what,
  before: value,
  ...(right && { rights: "narrowed" }),
});

const changedHands = (from: Fact, to: Fact): Change => ({
  kind: "changed hands",
  subject: to.subject,
  what: to.what,
  from: from.subject,
  before: from.value,
  after: to.value,
  ...(to.right && { rights: "widened" }),
});

const changed = (before: Fact, after: Fact): Change => ({
  kind: "changed",
  subject: after.subject,
  what: after.what,
  before: before.value,
  after: after.value,
  ...rightsOf(before, after),
});

/** A right that is another one now is a right that was not there before: a reviewer has to look. */
function rightsOf(before: Fact, after: Fact): Pick<Change, "rights"> {
  if (!before.right && !after.right) return {};
  return { rights: !after.right || isLess(after, before) ? "narrowed" : "widened" };
}

const isLess = (after: Fact, before: Fact): boolean =>
  after.amount !== undefined && before.amount !== undefined && after.amount < before.amount;
