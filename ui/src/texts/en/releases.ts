/** The texts of `releases`. */
export const releases = {} as const;
