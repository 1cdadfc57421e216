import { Top } from "../ui/top";

export function FollowScreen(_: { rest: string }) {
  return <Top title="follow" />;
}
