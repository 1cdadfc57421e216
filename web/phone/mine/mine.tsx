import { Top } from "../ui/top";

export function MineScreen(_: { rest: string }) {
  return <Top title="mine" />;
}
