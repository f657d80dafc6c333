// A workspace of its own with a real `gantry serve` over it, and a browser that has entered by its door.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE = 60_000;

/** Everything that a flow needs; `close` ends what was started and takes the folder away. */
export class Place {
  folder = mkdtempSync(join(tmpdir(), "gantry-flow-"));
  /** What the page complained about; a flow that ends with any has failed. */
  said = [];
  #server;
  #context;

  constructor(browser, { gantry, ui }) {
    this.browser = browser;
    this.gantry = gantry;
    this.ui = ui;
  }

  /** Writes a file beside the workspace and tells where. */
  write(name, text) {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Starts the server; its address works once. */
  async serve() {
    const given = ["--db", join(this.folder, "gantry.db"), "serve", "--ui", this.ui];
    this.#server = spawn(this.gantry, given, { env: this.#alone(), stdio: ["ignore", "pipe", "inherit"] });
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.stdout.setEncoding("utf8");
      server.stdout.on("data", (text) => text.startsWith("http") && resolve(text.split("\n")[0]));
      server.once("exit", (code) => reject(new Error(`gantry serve ended with ${code}`)));
      server.once("error", reject);
    });
  }

  /** Ann on a machine of her own: keys, settings and programs under way lie in the flow's folder. */
  #alone() {
    const homes = ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"].map((name) => [name, this.folder]);
    return { ...process.env, ...Object.fromEntries(homes), USER: "ann", LOGNAME: "ann", GANTRY_KEYS: "files" };
  }

  /** Opens the page in a fresh browser session. */
  async enter() {
    const address = await this.serve();
    await this.#context?.close();
    this.#context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    // The window freezes this; a library that minds would break there and not here.
    await this.#context.addInitScript(() => Object.freeze(Object.prototype));
    const page = await this.#context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.said.push(`the page throws: ${error}`));
    page.on("console", (message) => message.type() === "error" && this.#hear(message));
    await page.goto(address);
    await page.getByRole("main").waitFor();
    return page;
  }

  /** A refused call and a server that was killed are part of a flow; the browser reports both as errors. */
  #hear(message) {
    if (!message.text().startsWith("Failed to load resource")) this.said.push(`the console says: ${message.text()}`);
  }

  /** Ends the server as a crash would: it can tidy nothing up. */
  async crash() {
    const ended = new Promise((resolve) => this.#server?.once("exit", resolve));
    this.#server?.removeAllListeners("error");
    this.#server?.kill("SIGKILL");
    await ended;
  }

  async close() {
    await this.#context?.close();
    if (this.#server?.exitCode === null && this.#server.signalCode === null) await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
