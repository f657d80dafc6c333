import { mount } from "svelte";
import "./app.css";
import App from "./App.svelte";
import { connect } from "./api/api";
import type { Transport } from "./api/wire";

async function chosen(): Promise<Transport> {
  if (import.meta.env.MODE === "fake") return (await import("./api/fixtures/story")).story(new URLSearchParams(location.search).get("story"));
  if ("__TAURI_INTERNALS__" in window) return (await import("./api/tauri")).tauri;
  return (await import("./api/http")).http;
}

const target = document.getElementById("app");
if (target) {
  connect(await chosen());
  mount(App, { target });
}
