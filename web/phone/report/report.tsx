import { Top } from "../ui/top";

export function ReportScreen(_: { rest: string }) {
  return <Top title="report" />;
}
