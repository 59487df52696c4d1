/** Everything that input brings is put into the page here, as text: nothing is ever read as markup. */

type Content = string | Node | readonly Content[];

/** An element with classes and content. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  classes: string,
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (classes !== "") made.className = classes;
  made.append(...(content.flat(4) as (string | Node)[]));
  return made;
}

export function button(text: string, act: () => void): HTMLButtonElement {
  const made = element("button", "", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** The element of the page with that id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** Shows so many of a list, and the next when asked. */
export function appendSome<Item>(
  to: HTMLElement,
  items: readonly Item[],
  show: (item: Item) => Node,
  step = 500,
): void {
  to.append(...items.slice(0, step).map(show));
  const rest = items.slice(step);
  if (rest.length === 0) return;
  const more = button(`Show more (${rest.length} left)`, () => {
    more.remove();
    appendSome(to, rest, show, step);
  });
  to.append(more);
}
