// Can everything on a page be reached by Tab alone, in a loop without a trap, and is it seen where one is?
const EXTRA_STEPS = 8;

/** Walks a page and gives what is wrong with it. */
export async function walk(page) {
  const wanted = await page.evaluate(() => {
    const at = (element) => {
      const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40);
      return `<${element.tagName.toLowerCase()} ${element.id ? `#${element.id}` : (element.name ?? "")}> ${name}`;
    };
    const selector = "a[href], area[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]";
    // Of a group of radio buttons one is a stop.
    const groups = new Set();
    const isStop = (element) => {
      if (element.disabled || element.tabIndex < 0 || element.type === "hidden") return false;
      if (element.closest("[inert]") || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const group = `${element.form?.action} ${element.name}`;
      if (groups.has(group) || (document.querySelector(`input[type=radio][name="${CSS.escape(element.name)}"]:checked`) ?? element) !== element) return false;
      groups.add(group);
      return true;
    };
    const stops = [...document.querySelectorAll(selector)].filter(isStop);
    const look = (element) => {
      const style = getComputedStyle(element);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecorationLine, style.fill, style.stroke].join("|");
    };
    const before = new Map(stops.map((stop) => [stop, look(stop)]));
    const walked = { reached: new Set(), unseen: new Set() };
    document.addEventListener("focusin", (event) => {
      const stop = event.target;
      walked.reached.add(stop);
      if (!before.has(stop)) return;
      const box = stop.getBoundingClientRect();
      const changed = [stop, ...stop.children, stop.parentElement].some((one) => one && (one === stop ? look(stop) !== before.get(stop) : getComputedStyle(one).outlineStyle !== "none"));
      // What is hidden until it has the focus must be there when it has it.
      if (!changed || box.width === 0 || box.height === 0) walked.unseen.add(stop);
    }, true);
    globalThis.walked = () => ({
      missed: stops.filter((stop) => stop.isConnected && !walked.reached.has(stop)).map(at),
      unseen: [...walked.unseen].map(at),
    });
    document.activeElement?.blur();
    return stops.length;
  });
  for (let step = 0; step < wanted + EXTRA_STEPS; step += 1) await page.keyboard.press("Tab");
  const { missed, unseen } = await page.evaluate(() => globalThis.walked());
  return [
    ...missed.slice(0, 5).map((one) => `${one} cannot be reached with Tab (${missed.length} of ${wanted})`),
    ...unseen.slice(0, 5).map((one) => `${one} does not show that it has the focus`),
  ];
}
