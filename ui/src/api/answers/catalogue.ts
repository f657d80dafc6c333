// What `catalogue` answers.

/** A service as the workspace knows it: who owns it, what it needs, what runs where. */
export type Service = {
  name: string;
  kind?: string;
  tier?: number | null;
  owner?: string | null;
  /** Services that it calls. */
  needs?: string[];
  environments?: { environment: string; version: string | null; since?: string | null }[];
  history?: { run: string; environment: string; version: string | null; outcome: string; at: string }[];
  /** Versions that must not be brought out again. */
  quarantined?: { version: string; reason: string; by: string; at: string }[];
};

export type Catalogue = { services: Service[] };
