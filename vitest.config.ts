import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = {
  "dtc-js": here("compiler/dtc-js/src/index.ts"),
  "xenimg/boards": here("boards/index.ts"),
  xenimg: here("compiler/index.ts"),
};
const exclude = ["**/node_modules/**", "**/dist/**", "**/build/**", ".cache/**"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          testTimeout: 120_000,
          include: ["{cli,compiler,boards,scripts,docs,fixtures}/**/*.test.ts"],
          exclude,
        },
      },
      {
        resolve: { alias },
        test: { name: "system", include: ["system/**/*.test.ts"], exclude, testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
