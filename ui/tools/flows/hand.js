// What a person does on any page, by the names that a screen reader would read out.

/** Goes to a release's tab by its address, as a link does. */
export async function visit(page, release, tab) {
  await page.evaluate((hash) => void (location.hash = hash), `#/release/${release}/${tab}`);
  await page.locator(`a[aria-current="page"][href$="/${tab}"]`).waitFor();
}

/** Opens a release file that lies on this machine. */
export async function openFile(page, file) {
  await page.evaluate(() => void (location.hash = "#/releases"));
  await page.getByRole("button", { name: "From file, Compose…" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Path").fill(file);
  await sheet.getByRole("button", { name: "Open", exact: true }).click();
  await sheet.waitFor({ state: "detached" });
}

/** Confirms what the file may reach and starts the release. */
export async function start(page, release) {
  await visit(page, release, "run");
  await page.getByRole("button", { name: "Start…" }).click();
  await page.getByRole("button", { name: "Confirm and start" }).click();
  await page.locator(".room").waitFor();
}

/** Asks the core itself, over the door that the page came through. */
export function ask(page, name, args) {
  return page.evaluate(
    async ([name, args]) => {
      const response = await fetch(`api/call/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(args),
      });
      return response.json();
    },
    [name, args],
  );
}

/** Waits until something of the core is so; tells what it was last, when it never is. */
export async function until(page, name, args, isSo) {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask(page, name, args);
    if (isSo(answer)) return answer;
    if (Date.now() > end) throw new Error(`\`${name}\` still answers ${JSON.stringify(answer).slice(0, 600)}`);
    await page.waitForTimeout(100);
  }
}

/** Waits until the run says so in the room's list of reasons. */
export async function why(page, node, words) {
  await page.locator("#why-list li", { has: page.getByRole("button", { name: node, exact: true }) }).filter({ hasText: words }).waitFor();
}

/** Presses a key until its sheet is there: a page that has not heard of a change yet ignores it, as people find. */
export async function pressFor(page, key, button) {
  const wanted = page.getByRole("dialog").getByRole("button", { name: button });
  for (let tries = 0; tries < 20; tries += 1) {
    await page.keyboard.press(key);
    const seen = await wanted.waitFor({ timeout: 3_000 }).then(() => true, () => false);
    if (seen) return page.getByRole("dialog");
  }
  throw new Error(`${key} never brought “${button}”`);
}
