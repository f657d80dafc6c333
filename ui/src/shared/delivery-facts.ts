import type { Insights, Median, ServiceInsights, Share } from "../api/answers/insights";
import { duration, percent, range } from "../shared/format";
import { t } from "../texts/en";

/** A number as people read it: what it is, its value, and what it rests on. Never a number without its base. */
export type Fact = { label: string; value: string; base: string };

const texts = t.insights;

/** The five delivery metrics of a service, and what canaries caught. */
export function factsOf(service: ServiceInsights, caught: Insights["caught"]): Fact[] {
  return [
    ofMedian(texts.leadTime, service.change_lead_time),
    {
      label: texts.frequency,
      value: service.deployment_frequency.rate === undefined ? texts.noData : texts.aWeek(service.deployment_frequency.rate),
      base: texts.deployments(service.deployments),
    },
    ofMedian(texts.recovery, service.failed_deployment_recovery_time),
    ofShare(texts.failRate, service.change_fail_rate),
    ofShare(texts.reworkRate, service.deployment_rework_rate),
    { label: texts.caught, value: String(service.caught_in_canary), base: caught === "apart" ? texts.notFailed : texts.countedFailed },
  ];
}

function ofMedian(label: string, { n, median, interval }: Median): Fact {
  if (median === undefined) return { label, value: texts.noData, base: texts.medianOf(n, "") };
  return { label, value: duration(median), base: texts.medianOf(n, interval ? range(interval[0], interval[1]) : "") };
}

function ofShare(label: string, { count, n, share, interval }: Share): Fact {
  if (share === undefined) return { label, value: texts.noData, base: texts.shareOf(count, n, "") };
  const bounds = interval ? `${(interval[0] * 100).toFixed(1)}–${percent(interval[1], 1)}` : "";
  return { label, value: percent(share, 1), base: texts.shareOf(count, n, bounds) };
}
