// What a person can do to a run, each once.

import type { ReleaseRow } from "../api/answers";
import type { Action } from "../shared/actions.svelte";
import { t } from "../texts/en";
import type { Room } from "./room.svelte";

const group = t.run.group;

export function actionsOf(room: Room, release: ReleaseRow): Action[] {
  const over = () => (room.isOver ? t.run.isOver : undefined);
  const held = room.isHeld;
  const isBack = () => (room.isBack ? t.run.isBack : undefined);
  const waiting = room.standing?.nodes.some((node) => node.state === "waits-for-person") ?? false;
  const takeUp: Action = {
    id: "run.take-up", title: t.run.actions.takeUp, button: t.run.actions.resumeShort, group, keys: "U", bar: t.run.bars.resume, run: () => room.takeUp(),
  }; // prettier-ignore
  return [
    ...(release.state === "interrupted" ? [takeUp] : []),
    {
      id: "run.again", title: t.run.actions.again, button: t.run.actions.againShort, group, keys: "S",
      refused: () => (!room.isOver ? t.run.isUnderWay : release.file === undefined ? t.run.noFile : undefined), run: () => void (room.sheet = "again"),
    },
    {
      id: "run.hold", title: held ? t.run.actions.resume : t.run.actions.hold, button: held ? t.run.actions.resumeShort : t.run.actions.holdShort,
      group, keys: "H", bar: held ? t.run.bars.resume : t.run.bars.hold, refused: over,
      run: async () => void (await room.steer({ do: held ? "resume" : "hold" })),
    },
    {
      id: "run.approve", title: t.run.actions.approve, group, keys: "A", bar: t.run.bars.approve,
      refused: () => over() ?? (waiting ? undefined : t.run.nobodyAsked), run: () => void (room.sheet = "approve"),
    },
    { id: "run.rollback", title: t.run.actions.rollback, button: t.run.actions.rollbackShort, group, keys: "Shift+R", bar: t.run.bars.rollback, refused: isBack, run: () => void (room.sheet = "rollback") },
    { id: "run.next", title: t.run.actions.next, group, keys: "J", bar: t.run.bars.nodes, run: () => room.walk(1) },
    { id: "run.previous", title: t.run.actions.previous, group, keys: "K", run: () => room.walk(-1) },
    { id: "run.why", title: t.run.actions.why, group, keys: "W", bar: t.run.bars.why, run: () => document.getElementById("why-list")?.focus() },
    { id: "run.note", title: t.run.actions.note, button: t.run.actions.noteShort, group, keys: "N", run: () => void (room.sheet = "note") },
    { id: "run.more", title: t.run.actions.more, group, keys: ".", refused: over, run: () => void (room.sheet = "more") },
    { id: "run.fit", title: t.run.actions.fit, group, keys: "F", run: () => room.view.fit() },
    { id: "run.drop", title: t.run.actions.drop, group, keys: "Escape", run: () => room.view.choose(undefined) },
  ]; // prettier-ignore
}
