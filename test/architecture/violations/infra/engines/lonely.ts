// bites: no-orphans
export const lonely = true;
