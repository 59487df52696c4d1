import { MAX_PATHS } from "../../limits.ts";
import type { Check } from "../check.ts";
import { forReferences, missing } from "../references.ts";

const tooLong = `the paths that references stand for have more than ${MAX_PATHS} bytes\n`;

export const pathReferences: Check = {
  name: "path_references",
  level: "error",
  needs: ["duplicate_node_names"],
  start: (judge) => {
    let room = MAX_PATHS;
    return (entry) => {
      forReferences(entry, "path", ({ target, span }) => {
        const found = judge.index.find(target);
        if (!found) judge.fail(entry, missing(target), undefined, { span });
        else {
          found.referenced = true;
          room -= found.path.length + 1;
          if (room < 0) judge.stop(entry, tooLong, { span });
        }
      });
    };
  },
  resolves: "paths",
};
