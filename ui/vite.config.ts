import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { frozen } from "./tools/frozen";

// The page is served by the window, by `gantry serve` and by tests, each under its own root: links are relative.
// Nothing is inlined as `data:`, because the content policy lets fonts come from the page's own origin only.
export default defineConfig({
  base: "./",
  plugins: [frozen(), tailwindcss(), svelte(), svelteTesting()],
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    emptyOutDir: true,
  },
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
  },
});
