// What `insights` answers: the serde types of `gantry-report`. An interval is that of 95 %.

export type Interval = [number, number];

/** A median with how many values it rests on. */
export type Median = { n: number; median?: number; interval?: Interval };

/** So many of so many. */
export type Share = { count: number; n: number; share?: number; interval?: Interval };

export type ServiceInsights = {
  service: string;
  environment: string;
  deployments: number;
  failed: number;
  caught_in_canary: number;
  change_lead_time: Median & { p75?: number; no_data: number };
  deployment_frequency: { n: number; rate?: number; interval?: Interval; gap: Median };
  failed_deployment_recovery_time: Median & { censored: number };
  change_fail_rate: Share;
  deployment_rework_rate: Share;
};

export type Insights = {
  schema: number;
  from: string;
  until: string;
  caught: "apart" | "as-failure";
  services: ServiceInsights[];
};
