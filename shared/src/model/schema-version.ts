/** Of `fusegate-result.json`. Rises when a reader of the older form would misread the newer one, or the other way round. */
export const SCHEMA_VERSION = 2;
